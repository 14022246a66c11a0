"""A Python program of a catalog: each operation of it through boto3. Prints how many claims held."""

import datetime

import boto3
from botocore.exceptions import ClientError, ParamValidationError
from claims import fails, holds, tell

glue = boto3.client("glue")
DB = "boto_catalog"
ACCOUNT = boto3.client("sts").get_caller_identity()["Account"]
AT = {"DatabaseName": DB}
T = AT | {"TableName": "events"}


def refused(name, kind, text, call):
    """Holds when the call ends with that modelled exception, status 400 and a message with that text."""
    error = fails(name, getattr(glue.exceptions, kind), call)
    response = error.response
    holds(f"{name}: 400", response["ResponseMetadata"]["HTTPStatusCode"] == 400 and response["Error"]["Code"] == kind)
    holds(f"{name}: {response['Error']['Message']}", text in response["Error"]["Message"])


def pages(operation, member, size, **arguments):
    found = list(glue.get_paginator(operation).paginate(**arguments, PaginationConfig={"PageSize": size}))
    return len(found), [item for page in found for item in page[member]]


def storage(*columns, location="s3://boto.catalog/events/", **more):
    return {
        "Columns": [{"Name": name, "Type": kind} for name, kind in columns],
        "Location": location,
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe", "Parameters": {"paths": "id,name"}},
    } | more


# Databases.
glue.create_database(DatabaseInput={"Name": "Boto_Catalog", "Description": "of tests", "LocationUri": "s3://boto.catalog/", "Parameters": {"a": "1"}}, Tags={"team": "data"})
database = glue.get_database(Name="BOTO_catalog")["Database"]
holds("a name in lower case", database["Name"] == DB and database["CatalogId"] == ACCOUNT)
holds("when it was made", abs(database["CreateTime"] - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5))
holds("who may make tables", database["CreateTableDefaultPermissions"] == [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}])
refused("a database twice", "AlreadyExistsException", "Database already exists.", lambda: glue.create_database(DatabaseInput={"Name": DB}))
refused("a database that is not", "EntityNotFoundException", "Database none not found.", lambda: glue.get_database(Name="none"))
refused("another catalog", "InvalidInputException", "", lambda: glue.get_database(Name=DB, CatalogId="111111111111"))
fails("no name", ParamValidationError, lambda: glue.create_database(DatabaseInput={}))
for n in range(5):
    glue.create_database(DatabaseInput={"Name": f"more_{n}"})
count, found = pages("get_databases", "DatabaseList", 2)
holds("databases by page", count == 3 and [d["Name"] for d in found] == [DB] + [f"more_{n}" for n in range(5)])
glue.update_database(Name=DB, DatabaseInput={"Name": DB, "Description": "changed"})
changed = glue.get_database(Name=DB)["Database"]
holds("replaced whole", changed["Description"] == "changed" and "Parameters" not in changed and changed["CreateTime"] == database["CreateTime"])
refused("another name", "InvalidInputException", "Database cannot be renamed", lambda: glue.update_database(Name=DB, DatabaseInput={"Name": "other"}))
ARN = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/{DB}"
holds("tags", glue.get_tags(ResourceArn=ARN)["Tags"] == {"team": "data"})
glue.tag_resource(ResourceArn=ARN, TagsToAdd={"stage": "test"})
glue.untag_resource(ResourceArn=ARN, TagsToRemove=["team"])
holds("other tags", glue.get_tags(ResourceArn=ARN)["Tags"] == {"stage": "test"})
for n in range(5):
    glue.delete_database(Name=f"more_{n}")

# Tables.
KEYS = [{"Name": "day", "Type": "date"}, {"Name": "n", "Type": "int"}]
EVENTS = {"Name": "Events", "TableType": "EXTERNAL_TABLE", "PartitionKeys": KEYS, "Parameters": {"classification": "json"}, "StorageDescriptor": storage(("id", "bigint"), ("Name", "string"))}
glue.create_table(**AT, TableInput=EVENTS)
table = glue.get_table(**AT, Name="EVENTS")["Table"]
holds("a table", (table["Name"], table["DatabaseName"], table["VersionId"], table["CatalogId"], table["Retention"]) == ("events", DB, "0", ACCOUNT, 0))
holds("what Glue adds", table["IsRegisteredWithLakeFormation"] is False and table["CreatedBy"].startswith("arn:aws:") and table["CreateTime"] == table["UpdateTime"])
holds("columns as they were sent", [c["Name"] for c in table["StorageDescriptor"]["Columns"]] == ["id", "Name"])
refused("a table twice", "AlreadyExistsException", "Table already exists.", lambda: glue.create_table(**AT, TableInput=EVENTS))
refused("a table that is not", "EntityNotFoundException", "", lambda: glue.get_table(**AT, Name="none"))
refused("a table of no database", "EntityNotFoundException", "", lambda: glue.create_table(DatabaseName="none", TableInput=EVENTS))
for n in range(7):
    glue.create_table(**AT, TableInput={"Name": f"t_{n}", "Description": f"number {n}" if n else "the odd one"})
count, found = pages("get_tables", "TableList", 3, **AT)
holds("tables by page", count == 3 and [t["Name"] for t in found] == ["events"] + [f"t_{n}" for n in range(7)])
holds("by a pattern", [t["Name"] for t in glue.get_tables(**AT, Expression="t_[3-5]")["TableList"]] == ["t_3", "t_4", "t_5"])
holds("by a star", len(glue.get_tables(**AT, Expression="t_*")["TableList"]) == 7)
first = glue.search_tables(SearchText="number", MaxResults=4)
rest = glue.search_tables(SearchText="number", MaxResults=4, NextToken=first["NextToken"])
holds("a search by page", sorted(t["Name"] for t in first["TableList"] + rest["TableList"]) == [f"t_{n}" for n in range(1, 7)])
holds("a search by name", [t["Name"] for t in glue.search_tables(Filters=[{"Key": "DatabaseName", "Value": DB}, {"Key": "Name", "Value": "events"}])["TableList"]] == ["events"])
ordered = glue.search_tables(Filters=[{"Key": "DatabaseName", "Value": DB}], SortCriteria=[{"FieldName": "Name", "Sort": "DESC"}])
holds("a search in an order", [t["Name"] for t in ordered["TableList"]][:2] == ["t_6", "t_5"])
gone = glue.batch_delete_table(**AT, TablesToDelete=["t_0", "t_1", "none"])
holds("those that are not are told of", [(e["TableName"], e["ErrorDetail"]) for e in gone["Errors"]] == [("none", {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Table none not found"})])
holds("the others are deleted", len(glue.get_tables(**AT, Expression="t_*")["TableList"]) == 5)
glue.delete_table(**AT, Name="t_2")
refused("once", "EntityNotFoundException", "Table t_2 not found.", lambda: glue.delete_table(**AT, Name="t_2"))

# Versions.
for n in range(1, 5):
    glue.update_table(**AT, TableInput=EVENTS | {"Description": f"version {n}"})
holds("the newest version", glue.get_table(**AT, Name="events")["Table"]["VersionId"] == "4")
count, found = pages("get_table_versions", "TableVersions", 2, **T)
holds("versions by page, the newest first", count == 3 and [v["VersionId"] for v in found] == ["4", "3", "2", "1", "0"])
holds("an old one", glue.get_table_version(**T, VersionId="2")["TableVersion"]["Table"]["Description"] == "version 2")
glue.update_table(**AT, TableInput=EVENTS, SkipArchive=True)
holds("one that was not kept", [v["VersionId"] for v in glue.get_table_versions(**T)["TableVersions"]] == ["5", "3", "2", "1", "0"])
refused("a stale version", "ConcurrentModificationException", "Update table failed due to concurrent modifications.", lambda: glue.update_table(**AT, TableInput=EVENTS, VersionId="3"))
glue.update_table(**AT, TableInput=EVENTS, VersionId="5")
glue.delete_table_version(**T, VersionId="0")
gone = glue.batch_delete_table_version(**T, VersionIds=["1", "2", "77"])
holds("versions are deleted", [e["VersionId"] for e in gone["Errors"]] == ["77"] and {v["VersionId"] for v in glue.get_table_versions(**T)["TableVersions"]} == {"3", "5", "6"})

# Partitions.
def partition(day, n, **more):
    return {"Values": [f"2026-01-{day:02}", str(n)], "StorageDescriptor": storage(("id", "bigint"), location=f"s3://boto.catalog/events/day=2026-01-{day:02}/n={n}/")} | more


glue.create_partition(**T, PartitionInput=partition(1, 1, Parameters={"rows": "3"}))
one = glue.get_partition(**T, PartitionValues=["2026-01-01", "1"])["Partition"]
holds("a partition", one["Parameters"] == {"rows": "3"} and one["DatabaseName"] == DB and one["TableName"] == "events" and one["CatalogId"] == ACCOUNT and "CreationTime" in one)
refused("a partition twice", "AlreadyExistsException", "Partition already exists.", lambda: glue.create_partition(**T, PartitionInput=partition(1, 1)))
refused("a partition that is not", "EntityNotFoundException", "Cannot find partition.", lambda: glue.get_partition(**T, PartitionValues=["2026-01-09", "1"]))
refused("too few values", "InvalidInputException", "The number of partition keys do not match the number of partition values", lambda: glue.create_partition(**T, PartitionInput={"Values": ["2026-01-01"]}))
made = glue.batch_create_partition(**T, PartitionInputList=[partition(day, n) for day in range(1, 11) for n in range(10)])
holds("a hundred at once, but for one that is there", [(e["PartitionValues"], e["ErrorDetail"]) for e in made["Errors"]] == [(["2026-01-01", "1"], {"ErrorCode": "AlreadyExistsException", "ErrorMessage": "Partition already exists."})])
fails("not a hundred and one", ClientError, lambda: glue.batch_create_partition(**T, PartitionInputList=[partition(20, n) for n in range(101)]))
count, found = pages("get_partitions", "Partitions", 30, **T)
holds("partitions by page", count == 4 and len({tuple(p["Values"]) for p in found}) == 100)


def matching(expression, **more):
    return sorted(p["Values"] for page in glue.get_paginator("get_partitions").paginate(**T, Expression=expression, **more) for p in page["Partitions"])


ALL = sorted([f"2026-01-{day:02}", str(n)] for day in range(1, 11) for n in range(10))
for expression, keep in {
    "day = '2026-01-03'": lambda day, n: day == "2026-01-03",
    "day > '2026-01-08' AND n >= 5": lambda day, n: day > "2026-01-08" and n >= 5,
    "n IN (1, 3) OR day = '2026-01-01'": lambda day, n: n in (1, 3) or day == "2026-01-01",
    "day BETWEEN '2026-01-02' AND '2026-01-04'": lambda day, n: "2026-01-02" <= day <= "2026-01-04",
    "(n <> 4) AND (n != 5) AND n <= '6'": lambda day, n: n not in (4, 5) and n <= 6,
    "NOT n = 1": lambda day, n: n != 1,
    "n NOT IN (1, 2)": lambda day, n: n not in (1, 2),
    "": lambda day, n: True,
}.items():
    holds(f"expression {expression}", matching(expression) == [v for v in ALL if keep(v[0], int(v[1]))])
refused("an unknown key", "InvalidInputException", "", lambda: matching("kind = 'x'"))
refused("a number that is none", "InvalidInputException", "'x' is not an integer", lambda: matching("n = 'x'"))
segments = [matching("n < 5", Segment={"SegmentNumber": s, "TotalSegments": 4}) for s in range(4)]
holds("segments part them", sorted(v for s in segments for v in s) == [v for v in ALL if int(v[1]) < 5])
bare = glue.get_partitions(**T, ExcludeColumnSchema=True, MaxResults=1)["Partitions"][0]
holds("without columns", "Columns" not in bare["StorageDescriptor"] or bare["StorageDescriptor"]["Columns"] == [])
got = glue.batch_get_partition(**T, PartitionsToGet=[{"Values": v} for v in (["2026-01-01", "1"], ["2026-01-02", "2"], ["2027-01-01", "1"])])
holds("those that are there", sorted(p["Values"] for p in got["Partitions"]) == [["2026-01-01", "1"], ["2026-01-02", "2"]])
glue.update_partition(**T, PartitionValueList=["2026-01-01", "1"], PartitionInput=partition(30, 1))
holds("renamed", matching("day > '2026-01-20'") == [["2026-01-30", "1"]] and matching("day = '2026-01-01' AND n = 1") == [])
entries = [{"PartitionValueList": ["2026-01-30", "1"], "PartitionInput": partition(30, 1, Parameters={"x": "y"})}, {"PartitionValueList": ["2030-01-01", "1"], "PartitionInput": partition(30, 1)}]
failed = glue.batch_update_partition(**T, Entries=entries)["Errors"]
holds("updated in a batch", [e["PartitionValueList"] for e in failed] == [["2030-01-01", "1"]] and glue.get_partition(**T, PartitionValues=["2026-01-30", "1"])["Partition"]["Parameters"] == {"x": "y"})
gone = glue.batch_delete_partition(**T, PartitionsToDelete=[{"Values": ["2026-01-02", str(n)]} for n in range(12)])
holds("deleted in a batch", [e["PartitionValues"][1] for e in gone["Errors"]] == ["10", "11"] and matching("day = '2026-01-02'") == [])
fails("no more than 25", ClientError, lambda: glue.batch_delete_partition(**T, PartitionsToDelete=[{"Values": ["2026-01-03", str(n)]} for n in range(26)]))
glue.delete_partition(**T, PartitionValues=["2026-01-30", "1"])

# Indexes of partitions.
glue.create_partition_index(**T, PartitionIndex={"IndexName": "by_n", "Keys": ["n"]})
listed = glue.get_paginator("get_partition_indexes").paginate(**T)
indexes = [index for page in listed for index in page["PartitionIndexDescriptorList"]]
holds("an index", [(i["IndexName"], i["IndexStatus"] in ("CREATING", "ACTIVE"), i["Keys"]) for i in indexes] == [("by_n", True, [{"Name": "n", "Type": "int"}])])
refused("an index twice", "AlreadyExistsException", "", lambda: glue.create_partition_index(**T, PartitionIndex={"IndexName": "by_n", "Keys": ["n"]}))
refused("an index of a column", "InvalidInputException", "", lambda: glue.create_partition_index(**T, PartitionIndex={"IndexName": "by_id", "Keys": ["id"]}))
glue.delete_partition_index(**T, IndexName="by_n")

# Statistics of columns.
def long(name, least, most):
    data = {"MinimumValue": least, "MaximumValue": most, "NumberOfNulls": 0, "NumberOfDistinctValues": 3}
    analyzed = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    return {"ColumnName": name, "ColumnType": "bigint", "AnalyzedTime": analyzed, "StatisticsData": {"Type": "LONG", "LongColumnStatisticsData": data}}


DECIMAL = {"UnscaledValue": b"\x01\x02", "Scale": 2}
decimal = {"ColumnName": "Name", "ColumnType": "decimal(6,2)", "AnalyzedTime": datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc), "StatisticsData": {"Type": "DECIMAL", "DecimalColumnStatisticsData": {"MinimumValue": DECIMAL, "MaximumValue": DECIMAL, "NumberOfNulls": 1, "NumberOfDistinctValues": 1}}}
holds("set", glue.update_column_statistics_for_table(**T, ColumnStatisticsList=[long("id", -5, 7), decimal]).get("Errors", []) == [])
read = glue.get_column_statistics_for_table(**T, ColumnNames=["id", "Name", "none"])
found = {s["ColumnName"]: s for s in read["ColumnStatisticsList"]}
holds("read", found["id"] == long("id", -5, 7) and found["Name"] == decimal)
NONE = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Statistics do not exist for this column"}
holds("of a column that has none", read["Errors"] == [{"ColumnName": "none", "Error": NONE}])
glue.delete_column_statistics_for_table(**T, ColumnName="id")
holds("deleted", [s["ColumnName"] for s in glue.get_column_statistics_for_table(**T, ColumnNames=["id", "Name"])["ColumnStatisticsList"]] == ["Name"])
P = T | {"PartitionValues": ["2026-01-03", "3"]}
glue.update_column_statistics_for_partition(**P, ColumnStatisticsList=[long("id", 1, 2)])
holds("of a partition", glue.get_column_statistics_for_partition(**P, ColumnNames=["id"])["ColumnStatisticsList"] == [long("id", 1, 2)])
for _ in range(2):
    glue.delete_column_statistics_for_partition(**P, ColumnName="id")
left = glue.get_column_statistics_for_partition(**P, ColumnNames=["id"])
holds("deleted from it, twice", left["ColumnStatisticsList"] == [] and left["Errors"] == [{"ColumnName": "id", "Error": NONE}])
refused("of a partition that is not", "EntityNotFoundException", "", lambda: glue.update_column_statistics_for_partition(**(P | {"PartitionValues": ["2030-01-01", "1"]}), ColumnStatisticsList=[long("id", 1, 2)]))

# Functions.
def function(name, **more):
    return {"FunctionName": name, "ClassName": f"com.example.{name}", "OwnerName": "tests", "OwnerType": "USER"} | more


for name in ("twice", "thrice", "half"):
    glue.create_user_defined_function(**AT, FunctionInput=function(name, ResourceUris=[{"ResourceType": "JAR", "Uri": "s3://boto.catalog/f.jar"}]))
refused("a function twice", "AlreadyExistsException", "", lambda: glue.create_user_defined_function(**AT, FunctionInput=function("half")))
half = glue.get_user_defined_function(**AT, FunctionName="half")["UserDefinedFunction"]
holds("a function", half["ClassName"] == "com.example.half" and half["DatabaseName"] == DB and half["ResourceUris"] == [{"ResourceType": "JAR", "Uri": "s3://boto.catalog/f.jar"}])
count, found = pages("get_user_defined_functions", "UserDefinedFunctions", 1, **AT, Pattern="t.*")
holds("functions by page and pattern", sorted(f["FunctionName"] for f in found) == ["thrice", "twice"])
holds("of all databases", len(glue.get_user_defined_functions(Pattern=".*")["UserDefinedFunctions"]) == 3)
glue.update_user_defined_function(**AT, FunctionName="half", FunctionInput=function("half", OwnerType="ROLE"))
changed = glue.get_user_defined_function(**AT, FunctionName="half")["UserDefinedFunction"]
holds("a function replaced", changed["OwnerType"] == "ROLE" and changed.get("ResourceUris", []) == [])
glue.delete_user_defined_function(**AT, FunctionName="half")
refused("a function that is not", "EntityNotFoundException", "", lambda: glue.get_user_defined_function(**AT, FunctionName="half"))

# What is not offered, and the end.
error = fails("connections", ClientError, lambda: glue.get_connections())
holds("refused by name", "GetConnections" in error.response["Error"]["Message"])
glue.delete_database(Name=DB)
refused("with its tables", "EntityNotFoundException", "", lambda: glue.get_table(**AT, Name="events"))
refused("and its functions", "EntityNotFoundException", "", lambda: glue.get_user_defined_function(**AT, FunctionName="twice"))
holds("nothing is left", glue.get_databases()["DatabaseList"] == [])
tell()
