"""Iceberg tables kept with pyiceberg, whose catalog is the lake's Glue. Prints how many claims held."""

import datetime
import os
import threading

import boto3
import pyarrow as pa
from claims import fails, holds, tell
from pyiceberg import exceptions
from pyiceberg.catalog import load_catalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import DateType, IntegerType, ListType, LongType, NestedField, StringType

BUCKET = "iceberg.data"
boto3.client("s3").create_bucket(Bucket=BUCKET)
glue = boto3.client("glue")
endpoint, key, secret = (os.environ[name] for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))


def catalog(**properties):
    properties |= {"type": "glue", "glue.endpoint": endpoint, "glue.region": "us-east-1", "warehouse": f"s3://{BUCKET}/warehouse"}
    properties |= {"s3.endpoint": endpoint, "s3.region": "us-east-1", "s3.access-key-id": key, "s3.secret-access-key": secret}
    return load_catalog("lake", **properties)


lake = catalog()

# Namespaces.
lake.create_namespace("ice", {"comment": "of tests", "location": f"s3://{BUCKET}/ice", "owner": "tests"})
fails("a namespace twice", exceptions.NamespaceAlreadyExistsError, lambda: lake.create_namespace("ice"))
lake.create_namespace_if_not_exists("ice")
holds("it is listed", lake.list_namespaces() == [("ice",)])
holds("it is there", lake.namespace_exists("ice") and not lake.namespace_exists("none"))
holds("its properties", lake.load_namespace_properties("ice") == {"comment": "of tests", "location": f"s3://{BUCKET}/ice", "owner": "tests"})
lake.update_namespace_properties("ice", removals={"owner"}, updates={"team": "data"})
holds("changed ones", lake.load_namespace_properties("ice") == {"comment": "of tests", "location": f"s3://{BUCKET}/ice", "team": "data"})
fails("properties of none", exceptions.NoSuchNamespaceError, lambda: lake.load_namespace_properties("none"))

# A table.
SCHEMA = Schema(
    NestedField(1, "id", LongType()),
    NestedField(2, "name", StringType(), doc="what it is called"),
    NestedField(3, "day", DateType()),
    NestedField(4, "tags", ListType(5, StringType(), element_required=False)),
)
BY_DAY = PartitionSpec(PartitionField(3, 1000, IdentityTransform(), "day"))
table = lake.create_table("ice.events", schema=SCHEMA, partition_spec=BY_DAY, properties={"purpose": "tests"})
fails("a table twice", exceptions.TableAlreadyExistsError, lambda: lake.create_table("ice.events", schema=SCHEMA))
fails("a table in no namespace", exceptions.NoSuchNamespaceError, lambda: lake.create_table("none.events", schema=SCHEMA))
fails("a table that is not", exceptions.NoSuchTableError, lambda: lake.load_table("ice.none"))
holds("it exists", lake.table_exists("ice.events") and not lake.table_exists("ice.none"))


def entry():
    return glue.get_table(DatabaseName="ice", Name="events")["Table"]


made = entry()
holds("the pointer", made["Parameters"] == {"table_type": "ICEBERG", "metadata_location": table.metadata_location, "purpose": "tests"} | made["Parameters"])
holds("an external table", made["TableType"] == "EXTERNAL_TABLE" and made["VersionId"] == "0")
columns = made["StorageDescriptor"]["Columns"]
holds("its columns for other engines", [(c["Name"], c["Type"]) for c in columns] == [("id", "bigint"), ("name", "string"), ("day", "date"), ("tags", "array<string>")])
holds("with the fields' ids", columns[1]["Parameters"] == {"iceberg.field.id": "2", "iceberg.field.optional": "true", "iceberg.field.current": "true"} and columns[1]["Comment"] == "what it is called")


def versions(name):
    listed = glue.get_table_versions(DatabaseName="ice", TableName=name, MaxResults=100)["TableVersions"]
    return [version["VersionId"] for version in listed]


def rows(*ids, day=1, **more):
    day = [datetime.date(2026, 1, day)] * len(ids)
    return pa.table({"id": list(ids), "name": [f"name {i}" for i in ids], "day": day, "tags": [["x"]] * len(ids)} | more)


def ids(of):
    return sorted(of.scan().to_arrow()["id"].to_pylist())


# Written and read.
table.append(rows(1, 2))
table.append(rows(3, day=2))
holds("read", ids(lake.load_table("ice.events")) == [1, 2, 3])
holds("by a filter", table.scan(row_filter="day = '2026-01-02'", selected_fields=("name",)).to_arrow().to_pylist() == [{"name": "name 3"}])
now = entry()
holds("the pointer moved", now["Parameters"]["metadata_location"] == table.metadata_location and "previous_metadata_location" in now["Parameters"])
holds("each commit is a version, of which this client archives none", now["VersionId"] == "2" and versions("events") == ["2"])
holds("history", [s.summary.operation.value for s in table.snapshots()] == ["append", "append"])
first = table.snapshots()[0].snapshot_id
holds("as it was", table.scan(snapshot_id=first).to_arrow().num_rows == 2)
with table.update_schema() as update:
    update.add_column("extra", IntegerType(), doc="more")
    update.rename_column("name", "label")
holds("a new schema", [f.name for f in lake.load_table("ice.events").schema().fields] == ["id", "label", "day", "tags", "extra"])
holds("in the catalog too", {"extra", "label"} < {c["Name"] for c in entry()["StorageDescriptor"]["Columns"]})
holds("old rows have it", table.scan(row_filter="id = 1").to_arrow()["extra"].to_pylist() == [None])
table.delete("id = 1")
holds("rows deleted", ids(table) == [2, 3])
renamed = {"label": ["a"], "extra": pa.array([7], pa.int32())}
table.overwrite(rows(9, day=2, **renamed).drop_columns("name"), overwrite_filter="id = 3")
holds("rows overwritten", ids(table) == [2, 9])
with table.transaction() as transaction:
    transaction.set_properties(reviewed="yes")
holds("properties", lake.load_table("ice.events").properties["reviewed"] == "yes")
with table.update_spec() as update:
    update.remove_field("day")
holds("another way to partition", lake.load_table("ice.events").spec().fields == ())

# Two writers.
ONCE = {"commit.retry.num-retries": "0"}
lake.create_table("ice.once", schema=SCHEMA, properties=ONCE)
winner, loser = lake.load_table("ice.once"), lake.load_table("ice.once")
winner.append(rows(1))
fails("the one that comes second fails", exceptions.CommitFailedException, lambda: loser.append(rows(2)))
loser.refresh().append(rows(2))
holds("and can try again", ids(loser) == [1, 2])
stale = glue.get_table(DatabaseName="ice", Name="once")["Table"]
kept = {name: stale[name] for name in ("Name", "TableType", "Parameters", "StorageDescriptor")}
glue.update_table(DatabaseName="ice", TableInput=kept, VersionId=stale["VersionId"])
fails("a stale version", glue.exceptions.ConcurrentModificationException, lambda: glue.update_table(DatabaseName="ice", TableInput=kept, VersionId=stale["VersionId"]))
holds("changed once", glue.get_table(DatabaseName="ice", Name="once")["Table"]["VersionId"] == str(int(stale["VersionId"]) + 1))

patient = {"commit.retry.num-retries": "100", "commit.retry.min-wait-ms": "1", "commit.retry.max-wait-ms": "20"}
lake.create_table("ice.raced", schema=SCHEMA, properties=patient)
failures = []


def write(writer):
    mine = catalog().load_table("ice.raced")
    try:
        for n in range(5):
            mine.append(rows(writer * 100 + n))
    except Exception as error:
        failures.append(error)


writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
for writer in writers:
    writer.start()
for writer in writers:
    writer.join()
holds("four writers at once all get through", failures == [])
raced = lake.load_table("ice.raced")
holds("and no row is lost or twice there", ids(raced) == sorted(w * 100 + n for w in range(4) for n in range(5)))
holds("one version for each commit", glue.get_table(DatabaseName="ice", Name="raced")["Table"]["VersionId"] == "20")
archiving = catalog(**{"glue.skip-archive": "false"})
archiving.load_table("ice.raced").append(rows(999))
holds("with an archived version where one is wanted", versions("raced") == ["21", "20"])

# Renamed, registered, dropped.
lake.rename_table("ice.events", "ice.renamed")
fails("the old name is gone", exceptions.NoSuchTableError, lambda: lake.load_table("ice.events"))
holds("the new one has the rows", ids(lake.load_table("ice.renamed")) == [2, 9])
fails("a name that is taken", exceptions.TableAlreadyExistsError, lambda: lake.rename_table("ice.renamed", "ice.once"))
holds("and nothing was renamed", lake.table_exists("ice.renamed"))
lake.register_table("ice.registered", lake.load_table("ice.renamed").metadata_location)
holds("registered from its metadata", ids(lake.load_table("ice.registered")) == [2, 9])
with lake.create_table_transaction("ice.atonce", schema=SCHEMA) as transaction:
    transaction.set_properties(made="in one step")
holds("made in a transaction", lake.load_table("ice.atonce").properties["made"] == "in one step")
holds("all are listed", sorted(lake.list_tables("ice")) == [("ice", name) for name in ("atonce", "once", "raced", "registered", "renamed")])
fails("a namespace with tables", exceptions.NamespaceNotEmptyError, lambda: lake.drop_namespace("ice"))
lake.drop_table("ice.registered")
lake.purge_table("ice.renamed")
fails("the table is gone", exceptions.NoSuchTableError, lambda: lake.drop_table("ice.renamed"))
for name in ("atonce", "once", "raced"):
    lake.drop_table(f"ice.{name}")
lake.drop_namespace("ice")
fails("the namespace is gone", exceptions.NoSuchNamespaceError, lambda: lake.drop_namespace("ice"))
tell()
