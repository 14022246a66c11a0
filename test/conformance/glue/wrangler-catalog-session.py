"""A catalog kept with awswrangler: databases, tables, partitions, parameters, comments. Prints how many claims held."""

import awswrangler as wr
import boto3
from botocore.exceptions import ClientError
from claims import fails, holds, tell

catalog = wr.catalog
glue = boto3.client("glue")
DB, BUCKET = "wrangled", "wrangler.catalog"
boto3.client("s3").create_bucket(Bucket=BUCKET)
root = f"s3://{BUCKET}"
T = {"database": DB, "table": "sales"}


def names(tables):
    return sorted(table["Name"] for table in tables)


# Databases.
catalog.create_database(DB, description="of tests", database_input_args={"LocationUri": f"{root}/db/", "Parameters": {"a": "1"}})
made = glue.get_database(Name=DB)["Database"]
holds("description, location and parameters", (made["Description"], made["LocationUri"], made["Parameters"]) == ("of tests", f"{root}/db/", {"a": "1"}))
fails("a database twice", wr.exceptions.AlreadyExists, lambda: catalog.create_database(DB))
catalog.create_database(DB, exist_ok=True, description="changed")
holds("a changed description", glue.get_database(Name=DB)["Database"]["Description"] == "changed")
for n in range(3):
    catalog.create_database(f"other_{n}")
holds("all databases", [d["Name"] for d in catalog.get_databases()] == ["other_0", "other_1", "other_2", DB])
holds("a frame of two databases", list(catalog.databases(limit=2)["Database"]) == ["other_0", "other_1"])
for n in range(3):
    catalog.delete_database(f"other_{n}")
fails("a database that is not", glue.exceptions.EntityNotFoundException, lambda: catalog.delete_database("other_0"))

# Tables of each kind.
catalog.create_parquet_table(
    **T,
    path=f"{root}/sales/",
    columns_types={"id": "bigint", "name": "string", "Amount Due": "double", "at": "timestamp", "tags": "array<string>"},
    partitions_types={"day": "date", "kind": "string"},
    description="what was sold",
    parameters={"source": "tests"},
    columns_comments={"id": "the id", "day": "of the sale"},
    columns_parameters={"id": {"unit": "none"}},
    compression="snappy",
)
table = glue.get_table(DatabaseName=DB, Name="sales")["Table"]
holds("names as Athena takes them", [c["Name"] for c in table["StorageDescriptor"]["Columns"]] == ["id", "name", "amount_due", "at", "tags"])
holds("partition keys", [(k["Name"], k["Type"]) for k in table["PartitionKeys"]] == [("day", "date"), ("kind", "string")])
holds("what Glue adds", table["VersionId"] == "0" and table["DatabaseName"] == DB and table["TableType"] == "EXTERNAL_TABLE")
catalog.create_csv_table(database=DB, table="lines", path=f"{root}/lines/", columns_types={"id": "bigint", "name": "string"}, partitions_types={"n": "int"}, sep=";", skip_header_line_count=1)
catalog.create_json_table(database=DB, table="documents", path=f"{root}/documents/", columns_types={"id": "bigint"}, partitions_types={"n": "int"})
catalog.create_orc_table(database=DB, table="rows", path=f"{root}/rows/", columns_types={"id": "bigint"}, partitions_types={"n": "int"})
holds("a delimiter", glue.get_table(DatabaseName=DB, Name="lines")["Table"]["StorageDescriptor"]["SerdeInfo"]["Parameters"]["field.delim"] == ";")
holds("it exists", catalog.does_table_exist(**T))
holds("none exists", not catalog.does_table_exist(database=DB, table="none"))
holds("none exists in no database", not catalog.does_table_exist(database="none", table="none"))
catalog.create_parquet_table(database=DB, table="grown", path=f"{root}/grown/", columns_types={"id": "bigint"})
catalog.create_parquet_table(database=DB, table="grown", path=f"{root}/grown/", columns_types={"id": "bigint", "more": "int"}, mode="append")
holds("created again with a column more", catalog.get_table_types(database=DB, table="grown") == {"id": "bigint", "more": "int"})
catalog.create_parquet_table(database=DB, table="grown", path=f"{root}/grown/", columns_types={"other": "int"}, mode="overwrite")
holds("created anew", catalog.get_table_types(database=DB, table="grown") == {"other": "int"} and catalog.delete_table_if_exists(database=DB, table="grown"))

# Found.
holds("all tables", names(catalog.get_tables(database=DB)) == ["documents", "lines", "rows", "sales"])
holds("of every database", names(catalog.get_tables()) == ["documents", "lines", "rows", "sales"])
holds("by the start of the name", names(catalog.get_tables(database=DB, name_prefix="sa")) == ["sales"])
holds("by the end of the name", names(catalog.get_tables(database=DB, name_suffix="s")) == ["documents", "lines", "rows", "sales"])
holds("by its middle", names(catalog.get_tables(database=DB, name_contains="ume")) == ["documents"])
holds("a frame", list(catalog.tables(database=DB, search_text=None)["Table"]) == ["documents", "lines", "rows", "sales"])
holds("a search for a name", names(catalog.search_tables(text="sales")) == ["sales"])
holds("a search for what a description says", names(catalog.search_tables(text="sold")) == ["sales"])
holds("a search that finds nothing", names(catalog.search_tables(text="nothing of that sort")) == [])
holds("a search as a frame", list(catalog.tables(database=DB, search_text="sales")["Table"]) == ["sales"])

# Read.
frame = catalog.table(**T)
holds("columns as a frame", list(frame["Column Name"]) == ["id", "name", "amount_due", "at", "tags", "day", "kind"] and list(frame["Partition"]) == [False] * 5 + [True] * 2)
holds("types", catalog.get_table_types(**T) == {"id": "bigint", "name": "string", "amount_due": "double", "at": "timestamp", "tags": "array<string>", "day": "date", "kind": "string"})
holds("no types of no table", catalog.get_table_types(database=DB, table="none") is None)
holds("location", catalog.get_table_location(**T) == f"{root}/sales/")
holds("description", catalog.get_table_description(**T) == "what was sold")
holds("comments", catalog.get_columns_comments(**T) == {"id": "the id", "name": None, "amount_due": None, "at": None, "tags": None, "day": "of the sale", "kind": None})
holds("parameters of a column", catalog.get_columns_parameters(**T)["id"] == {"unit": "none"})
holds("parameters", catalog.get_table_parameters(**T)["source"] == "tests")

# Changed: without versions first, then with them.
holds("parameters are merged", catalog.upsert_table_parameters(parameters={"a": "1"}, **T)["a"] == "1" and catalog.get_table_parameters(**T)["source"] == "tests")
holds("no version was archived", catalog.get_table_number_of_versions(**T) == 1)
catalog.overwrite_table_parameters(parameters={"classification": "parquet", "b": "2"}, catalog_versioning=True, **T)
holds("parameters are replaced", catalog.get_table_parameters(**T) == {"classification": "parquet", "b": "2"})
catalog.add_column(column_name="extra", column_type="int", column_comment="more", **T)
holds("a column is added", catalog.get_table_types(**T)["extra"] == "int" and catalog.get_columns_comments(**T)["extra"] == "more")
catalog.delete_column(column_name="extra", **T)
holds("and taken away", "extra" not in catalog.get_table_types(**T))
holds("versions were archived", catalog.get_table_number_of_versions(**T) == 4)
versions = list(catalog.get_table_versions(**T))
holds("the newest first", [int(v["VersionId"]) for v in versions] == sorted((int(v["VersionId"]) for v in versions), reverse=True))

# Partitions.
of_days = {f"{root}/sales/day=2026-01-0{d}/kind=a/": [f"2026-01-0{d}", "a"] for d in range(1, 6)}
catalog.add_parquet_partitions(partitions_values=of_days, compression="snappy", **T)
holds("partitions", catalog.get_partitions(**T) == of_days and catalog.get_parquet_partitions(**T) == of_days)
catalog.add_parquet_partitions(partitions_values=of_days, **T)
holds("no error when they are there", catalog.get_partitions(**T) == of_days)
holds("by an expression", list(catalog.get_partitions(expression="day >= '2026-01-03' AND kind = 'a'", **T).values()) == [[f"2026-01-0{d}", "a"] for d in (3, 4, 5)])
many = {f"{root}/lines/n={n}/": [str(n)] for n in range(250)}
L = {"database": DB, "table": "lines"}
catalog.add_csv_partitions(partitions_values=many, sep=";", **L)
holds("in batches of a hundred", catalog.get_csv_partitions(**L) == many)
holds("by a number", len(catalog.get_partitions(expression="n BETWEEN 100 AND 199", **L)) == 100)
catalog.delete_partitions(partitions_values=[[str(n)] for n in range(60)], **L)
holds("taken away in batches of 25", len(catalog.get_partitions(**L)) == 190)
catalog.delete_all_partitions(**L)
holds("all taken away", catalog.get_partitions(**L) == {})
catalog.add_json_partitions(database=DB, table="documents", partitions_values={f"{root}/documents/n=1/": ["1"]})
catalog.add_orc_partitions(database=DB, table="rows", partitions_values={f"{root}/rows/n=1/": ["1"]})
holds("of JSON and ORC", len(catalog.get_partitions(database=DB, table="documents")) == len(catalog.get_partitions(database=DB, table="rows")) == 1)
fails("an expression that is none", glue.exceptions.InvalidInputException, lambda: catalog.get_partitions(expression="day ==", **T))

# What is not offered, and the end.
refused = fails("connections are refused", ClientError, lambda: catalog.get_connection("any"))
holds("by name", "GetConnection" in refused.response["Error"]["Message"])
holds("a table is deleted", catalog.delete_table_if_exists(database=DB, table="rows"))
holds("once", not catalog.delete_table_if_exists(database=DB, table="rows"))
catalog.delete_database(DB)
holds("a database is deleted with its tables", list(catalog.get_databases()) == [] and not catalog.does_table_exist(**T))
tell()
