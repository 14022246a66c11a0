"""dbt-athena against a lake: the project beside this file is built, built again with more orders, and documented. Prints how many claims held."""

import functools
import hashlib
import json
import os
import pathlib
import tempfile

import boto3
import botocore.loaders
from claims import holds, tell
from dbt.cli.main import dbtRunner

project = pathlib.Path(__file__).with_name("dbt")
made_here = tempfile.TemporaryDirectory()
out = pathlib.Path(made_here.name)
os.environ |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_TARGET_PATH": f"{out}/target", "DBT_LOG_PATH": f"{out}/logs"}
s3, glue, athena = (boto3.client(name) for name in ("s3", "glue", "athena"))
for bucket in ("dbt.results", "dbt.lake"):
    s3.create_bucket(Bucket=bucket)

# dbt makes an AWS client for each thing it does, each of which would read the description of its service anew.
described = botocore.loaders.JSONFileLoader()
described.load_file = functools.cache(described.load_file)
botocore.loaders.Loader.FILE_LOADER_CLASS = lambda _: described


def invoked(arguments, manifest=None):
    return dbtRunner(manifest=manifest).invoke([*arguments, "--project-dir", str(project), "--profiles-dir", str(project), "--quiet", "--no-use-colors"])


# Read once: most of the time that dbt needs to start.
manifest = invoked(["parse"]).result


def dbt(*arguments):
    """What became of each node, by its name."""
    result = invoked(arguments, manifest)
    results = {one.node.name: one for one in getattr(result.result, "results", [])}
    failed = {name: one.message for name, one in results.items() if one.status not in ("success", "pass", "warn")}
    holds(f"dbt {arguments[0]}: {failed or result.exception}", result.success)
    return {name: str(one.status) for name, one in results.items()}


def rows(sql):
    query = athena.start_query_execution(QueryString=sql, QueryExecutionContext={"Database": "shop"}, ResultConfiguration={"OutputLocation": "s3://dbt.results/"})
    waiting = {"QueryExecutionId": query["QueryExecutionId"]}
    while (status := athena.get_query_execution(**waiting)["QueryExecution"]["Status"])["State"] in ("QUEUED", "RUNNING"):
        pass
    if status["State"] != "SUCCEEDED":
        raise SystemExit(f"{sql}: {status['StateChangeReason']}")
    return [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in athena.get_query_results(**waiting)["ResultSet"]["Rows"][1:]]


def types(table):
    made = glue.get_table(DatabaseName="shop", Name=table)["Table"]
    return {column["Name"]: column["Type"] for column in made["StorageDescriptor"]["Columns"] + made.get("PartitionKeys", [])}


# Everything is made from nothing.
built = dbt("build", "--vars", "today: 2026-01-02")
holds("seeds, models, tests and a snapshot; one test warns", len(built) == 15 and [name for name, status in built.items() if status == "warn"] == ["calendar_number_is_there"])
holds("seeds, one with a quoted comma, quotes and nothing", rows("SELECT name, country, joined, active FROM customers ORDER BY id") == [("Ada", "GB", "2025-12-01", "true"), ("Nguyễn, An", "VN", "2025-12-15", "true"), ('Zoë "Z"', None, "2026-01-01", "false")])
holds("types of a seed", types("orders") == {"id": "int", "customer_id": "int", "amount": "decimal(10,2)", "status": "string", "ordered_at": "timestamp"})
holds("a view", rows("SELECT count(*) FROM staged_orders") == [("4",)] and glue.get_table(DatabaseName="shop", Name="staged_orders")["Table"]["TableType"] == "VIRTUAL_VIEW")
made = glue.get_table(DatabaseName="shop", Name="orders_of_day")["Table"]
holds("a table by day", [key["Name"] for key in made["PartitionKeys"]] == ["day"] and made["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe"))
holds("classified by ALTER TABLE", made["Parameters"]["classification"] == "parquet")
holds("described", made["Description"] == "What was ordered each day; it's kept by day." and made["StorageDescriptor"]["Columns"][0]["Comment"] == "The order's own number.")
holds("its rows", rows("SELECT id, amount, customer, day FROM orders_of_day ORDER BY id DESC LIMIT 1") == [("13", "99.99", 'Zoë "Z"', "2026-01-02")])
holds("totals", rows("SELECT day, orders, amount, statuses FROM totals ORDER BY day") == [("2026-01-01", "2", "19.75", "[paid]"), ("2026-01-02", "2", "102.99", "[open, returned]")])
digest = hashlib.md5(b"paid").hexdigest()
holds("a text table of functions that dbt wraps", rows("SELECT * FROM calendar WHERE id = 10") == [("10", "2026-01-02 08:00:00.000", "31", "2026-01-01 00:00:00.000", digest, None, "paid-10")])
holds("no tables between are left", [name for name in sorted(table["Name"] for table in glue.get_tables(DatabaseName="shop")["TableList"]) if "__" in name] == [])

# A day later: incremental models take what is new.
before = {name: glue.get_table(DatabaseName="shop", Name=name)["Table"]["StorageDescriptor"]["Location"] for name in ("totals", "log", "calendar")}
again = dbt("build", "--resource-type", "model", "--resource-type", "snapshot", "--vars", "today: 2026-01-03")
holds("models and the snapshot again", len(again) == 6)
holds("the day that was overwritten, and a new one", rows("SELECT day, orders FROM totals ORDER BY day") == [("2026-01-01", "2"), ("2026-01-02", "2"), ("2026-01-03", "2")])
holds("appended, with a column more", rows("SELECT id, day FROM log ORDER BY id") == [("10", None), ("11", None), ("12", None), ("13", None), ("14", "2026-01-03"), ("15", "2026-01-03")])
after = {name: glue.get_table(DatabaseName="shop", Name=name)["Table"]["StorageDescriptor"]["Location"] for name in before}
holds("incremental tables stay in their place, the swapped one moves", [name for name in before if before[name] != after[name]] == ["calendar"])
holds("a snapshot has the new ones, too", rows("SELECT count(*), count(dbt_valid_to) FROM statuses") == [("6", "0")])

# What is there, told by the catalog.
holds("docs", dbt("docs", "generate", "--no-compile") == {})
catalog = json.loads((out / "target" / "catalog.json").read_text())["nodes"]
holds("every relation", sorted(catalog) == sorted([f"model.shop.{name}" for name in ("staged_orders", "orders_of_day", "totals", "log", "calendar")] + ["seed.shop.customers", "seed.shop.orders", "snapshot.shop.statuses"]))
holds("columns and their types", {name: column["type"] for name, column in catalog["model.shop.totals"]["columns"].items()} == {"orders": "bigint", "amount": "decimal(38,2)", "statuses": "array<string>", "day": "date"})
tell()
