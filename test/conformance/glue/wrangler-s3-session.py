"""Data sets written and read with awswrangler, which keeps their tables. Prints how many claims held."""

import datetime

import awswrangler as wr
import boto3
import pandas as pd
from claims import fails, holds, tell

DB, BUCKET = "datasets", "wrangler.data"
boto3.client("s3").create_bucket(Bucket=BUCKET)
glue = boto3.client("glue")
wr.catalog.create_database(DB)
root = f"s3://{BUCKET}"


def frame(*ids, day="2026-01-01"):
    return pd.DataFrame(
        {
            "id": pd.array(ids, dtype="Int64"),
            "name": [f"name {i}" for i in ids],
            "price": [i + 0.5 for i in ids],
            "at": pd.to_datetime([f"2026-01-01 10:00:{i:02}" for i in ids]),
            "tags": [["x", str(i)] for i in ids],
            "day": [datetime.date.fromisoformat(day)] * len(ids),
        }
    )


def athena(sql):
    return wr.athena.read_sql_query(sql, database=DB, ctas_approach=False, s3_output=f"{root}/results/").to_dict("records")


def ids(table):
    return sorted(int(i) for i in wr.s3.read_parquet_table(database=DB, table=table)["id"])


# Parquet, in each mode.
SALES = {"path": f"{root}/sales/", "dataset": True, "database": DB, "table": "sales", "partition_cols": ["day"]}
two_days = pd.concat([frame(1, 2), frame(3, day="2026-01-02")])
settings = {"description": "what was sold", "parameters": {"source": "tests"}, "columns_comments": {"id": "the id"}}
written = wr.s3.to_parquet(two_days, mode="append", glue_table_settings=settings, **SALES)
holds("an object for each day", len(written["paths"]) == 2 and written["partitions_values"] == {f"{root}/sales/day=2026-01-0{d}/": [f"2026-01-0{d}"] for d in (1, 2)})
holds("types", wr.catalog.get_table_types(DB, "sales") == {"id": "bigint", "name": "string", "price": "double", "at": "timestamp", "tags": "array<string>", "day": "date"})
holds("the settings", wr.catalog.get_table_description(DB, "sales") == "what was sold" and wr.catalog.get_columns_comments(DB, "sales")["id"] == "the id")
holds("partitions", len(wr.catalog.get_partitions(DB, "sales")) == 2)
wr.s3.to_parquet(frame(4, day="2026-01-03"), mode="append", **SALES)
holds("appended", ids("sales") == [1, 2, 3, 4] and len(wr.catalog.get_partitions(DB, "sales")) == 3)
of_a_day = wr.s3.read_parquet_table(database=DB, table="sales", partition_filter=lambda keys: keys["day"] == "2026-01-02")
holds("one partition read", list(of_a_day["name"]) == ["name 3"])
wr.s3.to_parquet(frame(7, day="2026-01-02"), mode="overwrite_partitions", **SALES)
holds("a partition overwritten", ids("sales") == [1, 2, 4, 7])
wr.s3.to_parquet(frame(8).assign(extra=1.5), mode="append", schema_evolution=True, **SALES)
holds("a column more", wr.catalog.get_table_types(DB, "sales")["extra"] == "double")
fails("none without schema evolution", wr.exceptions.InvalidArgumentValue, lambda: wr.s3.to_parquet(frame(9).assign(other=1), mode="append", schema_evolution=False, **SALES))
holds("values by Athena", athena("SELECT id, name, price, at, day FROM sales WHERE id = 7") == [{"id": 7, "name": "name 7", "price": 7.5, "at": pd.Timestamp("2026-01-01 10:00:07"), "day": datetime.date(2026, 1, 2)}])
holds("the new column by Athena", athena("SELECT count(extra) AS n, count(*) AS m FROM sales") == [{"n": 1, "m": 5}])
wr.s3.to_parquet(two_days, mode="overwrite", **SALES)
holds("all overwritten", ids("sales") == [1, 2, 3] and "extra" not in wr.catalog.get_table_types(DB, "sales") and len(wr.catalog.get_partitions(DB, "sales")) == 2)
chunks = list(wr.s3.read_parquet_table(database=DB, table="sales", chunked=True))
holds("read in chunks", sum(len(chunk) for chunk in chunks) == 3)
wr.s3.to_parquet(two_days.drop(columns=["at", "tags"]), path=f"{root}/buckets/", dataset=True, database=DB, table="buckets", bucketing_info=(["name"], 2), mode="overwrite")
holds("in buckets", glue.get_table(DatabaseName=DB, Name="buckets")["Table"]["StorageDescriptor"]["NumberOfBuckets"] == 2 and athena("SELECT count(*) AS n FROM buckets") == [{"n": 3}])
projection = {"projection_types": {"day": "date"}, "projection_ranges": {"day": "2026-01-01,2026-01-09"}, "projection_formats": {"day": "yyyy-MM-dd"}}
wr.s3.to_parquet(two_days, path=f"{root}/projected/", dataset=True, database=DB, table="projected", partition_cols=["day"], mode="overwrite", athena_partition_projection_settings=projection)
holds("projection is told to Athena", wr.catalog.get_table_parameters(DB, "projected")["projection.day.range"] == "2026-01-01,2026-01-09")

# CSV and JSON.
flat = two_days.drop(columns=["tags"])
CSV = {"path": f"{root}/lines/", "index": False, "dataset": True, "database": DB, "table": "lines", "partition_cols": ["day"]}
wr.s3.to_csv(flat, mode="overwrite", **CSV)
wr.s3.to_csv(frame(5).drop(columns=["tags"]), mode="append", **CSV)
holds("CSV by Athena", athena("SELECT sum(id) AS s, max(at) AS m FROM lines") == [{"s": 11, "m": pd.Timestamp("2026-01-01 10:00:05")}])
wr.s3.to_csv(frame(6).drop(columns=["tags"]), mode="overwrite_partitions", **CSV)
holds("a partition of CSV overwritten", athena("SELECT id FROM lines ORDER BY id") == [{"id": 3}, {"id": 6}])
fails("CSV twice under the same name in another place", wr.exceptions.InvalidArgumentValue, lambda: wr.s3.to_csv(flat.drop(columns=["name"]), mode="append", schema_evolution=False, **(CSV | {"partition_cols": ["id"]})))
JSON = {"path": f"{root}/documents/", "orient": "records", "lines": True, "dataset": True, "database": DB, "table": "documents", "index": False}
wr.s3.to_json(flat.drop(columns=["at"]), mode="overwrite", partition_cols=["day"], **JSON)
holds("JSON by Athena", athena("SELECT id, name FROM documents WHERE day = DATE '2026-01-02'") == [{"id": 3, "name": "name 3"}])
holds("JSON read", sorted(int(i) for i in wr.s3.read_json(f"{root}/documents/", dataset=True, lines=True)["id"]) == [1, 2, 3])
holds("CSV read", sorted(int(i) for i in wr.s3.read_csv(f"{root}/lines/", dataset=True, names=["id", "name", "price", "at"])["id"]) == [3, 6])

# The schema of what is there already.
types, keys, values = wr.s3.store_parquet_metadata(f"{root}/sales/", database=DB, table="found", dataset=True, mode="overwrite")
holds("columns and keys", types == {"id": "bigint", "name": "string", "price": "double", "at": "timestamp", "tags": "array<string>"} and keys == {"day": "string"})
holds("partitions that were found", sorted(values.values()) == [["2026-01-01"], ["2026-01-02"]])
holds("read by Athena", athena("SELECT day, count(*) AS n FROM found GROUP BY day ORDER BY day") == [{"day": "2026-01-01", "n": 2}, {"day": "2026-01-02", "n": 1}])
types, keys = wr.s3.read_parquet_metadata(f"{root}/sales/", dataset=True)
holds("metadata alone", types["price"] == "double" and keys == {"day": "string"})

# Athena by page, with parameters, and the end of a data set.
holds("in chunks", [len(chunk) for chunk in wr.athena.read_sql_query("SELECT * FROM sales", database=DB, ctas_approach=False, s3_output=f"{root}/results/", chunksize=2)] == [2, 1])
found = wr.athena.read_sql_query("SELECT name FROM sales WHERE id = :id", params={"id": 2}, database=DB, ctas_approach=False, s3_output=f"{root}/results/")
holds("a parameter", list(found["name"]) == ["name 2"])
fails("a query that is wrong", wr.exceptions.QueryFailed, lambda: athena("SELECT missing FROM sales"))
wr.s3.delete_objects(f"{root}/sales/")
holds("no objects", wr.s3.list_objects(f"{root}/sales/") == [] and athena("SELECT count(*) AS n FROM sales") == [{"n": 0}])
holds("the table is deleted", wr.catalog.delete_table_if_exists(DB, "sales") and not wr.catalog.does_table_exist(DB, "sales"))
tell()
