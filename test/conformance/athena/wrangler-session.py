"""awswrangler's athena module against a lake: each of its ways to read, what it makes, tells and refuses. Prints how many claims held."""

import datetime
import decimal

import awswrangler as wr
import boto3
import pandas as pd
from claims import fails, holds, tell

athena = wr.athena
DB, RESULTS, ROOT = "wrangled", "s3://wrangler.results/", "s3://wrangler.lake"
for bucket in ("wrangler.results", "wrangler.lake"):
    boto3.client("s3").create_bucket(Bucket=bucket)
boto3.client("athena").update_work_group(WorkGroup="primary", ConfigurationUpdates={"ResultConfigurationUpdates": {"OutputLocation": RESULTS}})
wr.catalog.create_database(DB)
wr.config.athena_query_wait_polling_delay = 0.02
S = {"database": DB}
W = {**S, "s3_output": RESULTS}

# A table of many types, in partitions.
moment = pd.Timestamp("2026-01-02 03:04:05.678")
source = pd.DataFrame(
    {
        "id": range(1, 7),
        "name": ["a", "b", None, 'c, "d"', "", "é"],
        "price": [0.5, 1.5, float("nan"), 2.0, 3.0, 4.0],
        "money": [decimal.Decimal("1.10")] * 6,
        "day": [datetime.date(2026, 1, 1)] * 6,
        "at": [moment] * 6,
        "flag": [True, False, None, True, True, True],
        "tags": [["x", "y"]] * 5 + [None],
        "kind": ["k1", "k1", "k1", "k2", "k2", "k3"],
    }
)
wr.s3.to_parquet(source, f"{ROOT}/things/", dataset=True, database=DB, table="things", partition_cols=["kind"], dtype={"flag": "boolean", "tags": "array<string>"})
ALL = "SELECT id, name, price, money, day, at, flag, tags, kind FROM things ORDER BY id"


def is_source(frame, is_csv=False):
    first = frame.iloc[0]
    return (
        list(frame.id) == list(range(1, 7))
        # It reads the empty text of a CSV file as none, too.
        and list(frame.name.isna()) == [False, False, True, False, is_csv, False]
        and list(frame.name.dropna()) == [name for name in ("a", "b", 'c, "d"', "", "é") if name or not is_csv]
        and (first.price, first.money, first.day, first["at"], bool(first.flag)) == (0.5, decimal.Decimal("1.10"), datetime.date(2026, 1, 1), moment, True)
        and (is_csv or list(first.tags) == ["x", "y"])
        and list(frame.kind) == list(source.kind)
    )


# Each way to read.
holds("through a table that it makes", is_source(athena.read_sql_query(ALL, ctas_approach=True, **W).sort_values("id")))
holds("and drops", not [t for t in wr.catalog.get_tables(database=DB) if t["Name"].startswith("temp_table")])
holds("through UNLOAD", is_source(athena.read_sql_query(ALL, ctas_approach=False, unload_approach=True, s3_output=f"{RESULTS}unloaded/", **S).sort_values("id")))
plain = athena.read_sql_query(ALL.replace("tags, ", ""), ctas_approach=False, **W)
holds("through the result", is_source(plain, is_csv=True))
holds("its types", [str(kind).split("[")[0] for kind in plain.dtypes] == ["Int64", "string", "float64", "object", "object", "datetime64", "boolean", "string"])
holds("what it tells of the query", plain.query_metadata["Status"]["State"] == "SUCCEEDED" and plain.query_metadata["Statistics"]["DataScannedInBytes"] > 0)
MANY = "SELECT x AS n, CAST(x AS varchar) AS s FROM UNNEST(sequence(1, 2500)) t (x)"
for how in ({"ctas_approach": True}, {"ctas_approach": False}, {"ctas_approach": False, "unload_approach": True, "s3_output": f"{RESULTS}pieces/"}):
    pieces = list(athena.read_sql_query(MANY, chunksize=1000, **{**W, **how}))
    holds(f"in pieces: {how}", [len(piece) for piece in pieces] == [1000, 1000, 500])
holds("a column only", list(athena.read_sql_query("SELECT kind, count(*) AS n FROM things GROUP BY 1 ORDER BY 1", ctas_approach=False, **W).n) == [3, 2, 1])
for how in ({"ctas_approach": True}, {"ctas_approach": False}):
    nothing = athena.read_sql_query("SELECT id, name FROM things WHERE id > 100", **how, **W)
    holds(f"no rows, typed: {how}", nothing.empty and list(nothing.columns) == ["id", "name"])
fails("no rows of UNLOAD have no types", wr.exceptions.EmptyDataFrame, lambda: athena.read_sql_query("SELECT id FROM things WHERE id > 100", ctas_approach=False, unload_approach=True, s3_output=f"{RESULTS}none/", **S))
holds("a table", is_source(athena.read_sql_table("things", database=DB).sort_values("id")))
holds("a table's result", len(athena.read_sql_table("things", ctas_approach=False, database=DB)) == 6)
holds("Arrow's types", str(athena.read_sql_query("SELECT id FROM things", ctas_approach=False, dtype_backend="pyarrow", **W).dtypes["id"]) == "int64[pyarrow]")
holds("with parameters of ours", list(athena.read_sql_query("SELECT id FROM things WHERE kind = :kind AND day = :day", params={"kind": "k2", "day": datetime.date(2026, 1, 1)}, ctas_approach=False, **W).id) == [4, 5])
holds("quoted", list(athena.read_sql_query("SELECT id FROM things WHERE name = :name OR id IN (:ids)", params={"name": 'c, "d"', "ids": 1}, ctas_approach=False, **W).id.sort_values()) == [1, 4])
holds("with parameters of Athena", list(athena.read_sql_query("SELECT id FROM things WHERE kind = ? AND id > ? ORDER BY 1", params=["'k1'", "1"], paramstyle="qmark", ctas_approach=False, **W).id) == [2, 3])
holds("those through UNLOAD", sorted(athena.read_sql_query("SELECT id FROM things WHERE kind = ?", params=["'k1'"], paramstyle="qmark", ctas_approach=False, unload_approach=True, s3_output=f"{RESULTS}marked/", **S).id) == [1, 2, 3])
encrypted = athena.read_sql_query("SELECT 1 AS one", ctas_approach=False, encryption="SSE_S3", **W)
holds("encrypted", list(encrypted.one) == [1] and encrypted.query_metadata["ResultConfiguration"]["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"})

# Its cache: the last results of the same text.
cached = {"athena_cache_settings": {"max_cache_seconds": 900}, "ctas_approach": False}
holds("a result that is remembered", athena.read_sql_query("SELECT 7 AS n", **cached, **W).query_metadata["QueryExecutionId"] == athena.read_sql_query("SELECT 7 AS n", **cached, **W).query_metadata["QueryExecutionId"])

# Queries by hand.
started = athena.start_query_execution("SELECT id, name FROM things", database=DB, wait=False)
ended = athena.wait_query(started)
holds("waited for", ended["Status"]["State"] == "SUCCEEDED" and ended["ResultConfiguration"]["OutputLocation"] == f"{RESULTS}{started}.csv")
holds("its columns", athena.get_query_columns_types(started) == {"id": "bigint", "name": "varchar"})
holds("its results", len(athena.get_query_results(started)) == 6)
long = athena.start_query_execution("SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y), UNNEST(sequence(1, 1000)) c (z) WHERE x * y * z % 7 = 3", database=DB)
athena.stop_query_execution(long)
fails("stopped", wr.exceptions.QueryCancelled, lambda: athena.wait_query(long))
failed = fails("failed", wr.exceptions.QueryFailed, lambda: athena.read_sql_query("SELECT nothing FROM things", ctas_approach=False, **W))
holds("with its reason", str(failed).startswith("COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved"))
fails("refused", boto3.client("athena").exceptions.InvalidRequestException, lambda: athena.start_query_execution("SELEC 1", database=DB))
listed = athena.list_query_executions()
holds("all listed", {started, long} <= set(listed))
told, untold = athena.get_query_executions([started, long, "00000000-0000-4000-8000-000000000000"], return_unprocessed=True)
holds("asked for at once", sorted(told["Status.State"]) == ["CANCELLED", "SUCCEEDED"] and len(untold) == 1)

# Tables.
made = athena.create_ctas_table("SELECT id, name, kind FROM things", database=DB, ctas_table="copied", s3_output=f"{ROOT}/copied/", storage_format="parquet", write_compression="snappy", partitioning_info=["kind"], wait=True)
holds("made of a query", made["ctas_table"] == "copied" and len(athena.read_sql_table("copied", database=DB)) == 6)
holds("with no rows", athena.create_ctas_table("SELECT id FROM things", database=DB, ctas_table="shape", s3_output=f"{ROOT}/shape/", schema_only=True, wait=True)["ctas_table"] == "shape" and athena.read_sql_table("shape", database=DB).empty)
fails("not twice", wr.exceptions.QueryFailed, lambda: athena.create_ctas_table("SELECT 1 AS x", database=DB, ctas_table="copied", s3_output=f"{ROOT}/other/", wait=True))
unloaded = athena.unload("SELECT id, kind FROM things", f"{ROOT}/unloaded/", file_format="PARQUET", compression="SNAPPY", partitioned_by=["kind"], **S)
# Its results go to the same place.
holds("unloaded", len(wr.s3.read_parquet(f"{ROOT}/unloaded/", dataset=True, path_ignore_suffix=[".metadata", "-manifest.csv"])) == 6 and unloaded.manifest_location is not None)
described = athena.describe_table("things", database=DB)
holds("described", list(described["Column Name"]) == list(source.columns) and list(described["Partition"]) == [False] * 8 + [True])
holds("a statement that makes it", athena.show_create_table("things", database=DB).startswith("CREATE EXTERNAL TABLE `things`( `id` bigint, `name` string,"))
wr.s3.to_parquet(source.head(2).drop(columns=["kind", "tags"]), f"{ROOT}/found/kind=new/", dataset=True)
wr.catalog.create_parquet_table(database=DB, table="found", path=f"{ROOT}/found/", columns_types={"id": "bigint", "name": "string"}, partitions_types={"kind": "string"})
holds("repaired", athena.repair_table("found", database=DB) == "SUCCEEDED" and len(athena.read_sql_table("found", database=DB)) == 2)
athena.start_query_execution("CREATE VIEW seen AS SELECT id, kind FROM things", database=DB, wait=True)
holds("a view read", len(athena.read_sql_table("seen", database=DB)) == 6)
holds("statements that make both", athena.generate_create_query("things", database=DB).startswith("CREATE EXTERNAL TABLE `things`(\n") and athena.generate_create_query("seen", database=DB) == 'CREATE OR REPLACE VIEW "seen" AS \nSELECT id, kind FROM things')

# What it keeps in the workgroup.
athena.create_prepared_statement("SELECT id FROM things WHERE kind = ?", "of_kind")
athena.create_prepared_statement("SELECT id FROM things WHERE kind = ? AND id > 4", "of_kind", mode="update")
holds("prepared", [one["StatementName"] for one in athena.list_prepared_statements()] == ["of_kind"] and list(athena.read_sql_query("EXECUTE of_kind USING 'k2'", ctas_approach=False, **W).id) == [5])
athena.delete_prepared_statement("of_kind")
holds("no longer", athena.list_prepared_statements() == [])
named = boto3.client("athena").create_named_query(Name="all", Database=DB, QueryString="SELECT * FROM things")["NamedQueryId"]
holds("saved", athena.get_named_query_statement(named) == "SELECT * FROM things")
holds("the workgroup", athena.get_work_group("primary")["WorkGroup"]["Configuration"]["ResultConfiguration"]["OutputLocation"] == RESULTS)

# Refused, and nothing left of it.
refused = fails("Iceberg", boto3.client("athena").exceptions.InvalidRequestException, lambda: athena.to_iceberg(source[["id", "name"]], DB, "iced", table_location=f"{ROOT}/iced/", temp_path=f"{ROOT}/temporary/", s3_output=RESULTS))
holds("by name", "Iceberg tables are not supported by this lake" in str(refused) and not wr.catalog.does_table_exist(DB, "iced"))
tell()
