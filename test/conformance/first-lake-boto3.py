"""The first lake by hand with boto3: six steps, then a report on stdout for the test beside this file."""

import gzip
import json
import time

import boto3
from botocore.exceptions import ClientError

RAW, RESULTS, STREAM, DATABASE = "how.raw", "how.results", "egd-how", "how-kinesis"
SINGLE, PER_BATCH = 10, 500
PAGES = ["home", "product_a", "cart", "payment", "confirmation"]

s3, firehose, glue, athena, iam, sts = (
    boto3.client(name) for name in ("s3", "firehose", "glue", "athena", "iam", "sts")
)


def until(what, ask, within_s=60):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise SystemExit(f"not within {within_s} s: {what}")


def event(number):
    fields = {
        "event_id": f"event-{number:06}",
        "page_url_path": "/" + PAGES[number % len(PAGES)],
        "geo_latitude": "-23.5",
        "device_is_mobile": number % 2 == 0,
    }
    return {"Data": json.dumps(fields) + "\n"}


report = {"account": sts.get_caller_identity()["Account"]}

# 1 buckets
for bucket in (RAW, RESULTS):
    s3.create_bucket(Bucket=bucket)
s3.put_public_access_block(
    Bucket=RAW,
    PublicAccessBlockConfiguration={
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    },
)
s3.put_bucket_versioning(Bucket=RAW, VersioningConfiguration={"Status": "Enabled"})
s3.put_bucket_encryption(
    Bucket=RAW,
    ServerSideEncryptionConfiguration={
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    },
)
report["versioning"] = s3.get_bucket_versioning(Bucket=RAW)["Status"]

# 2 role and stream
trust = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": [f"{name}.amazonaws.com"]}, "Action": "sts:AssumeRole"}
        for name in ("firehose", "glue")
    ],
}
role = iam.create_role(RoleName="how-lake", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
iam.attach_role_policy(RoleName="how-lake", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole")
firehose.create_delivery_stream(
    DeliveryStreamName=STREAM,
    DeliveryStreamType="DirectPut",
    ExtendedS3DestinationConfiguration={
        "RoleARN": role,
        "BucketARN": f"arn:aws:s3:::{RAW}",
        "Prefix": "events/landing-date=!{timestamp:yyyy}-!{timestamp:MM}-!{timestamp:dd}/",
        "ErrorOutputPrefix": "error",
        "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 1},
        "CompressionFormat": "GZIP",
    },
)
until(
    "the stream is ACTIVE",
    lambda: firehose.describe_delivery_stream(DeliveryStreamName=STREAM)["DeliveryStreamDescription"][
        "DeliveryStreamStatus"
    ]
    == "ACTIVE",
)

# 3 events
for number in range(SINGLE):
    firehose.put_record(DeliveryStreamName=STREAM, Record=event(number))
batch = firehose.put_record_batch(
    DeliveryStreamName=STREAM, Records=[event(SINGLE + number) for number in range(PER_BATCH)]
)
report["failedPuts"] = batch["FailedPutCount"]


def delivered():
    lines = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=RAW, Prefix="events/"):
        for entry in page.get("Contents", []):
            body = s3.get_object(Bucket=RAW, Key=entry["Key"])["Body"].read()
            lines += gzip.decompress(body).decode().splitlines()
    return lines if len(lines) >= SINGLE + PER_BATCH else None


report["delivered"] = len(until("everything is delivered", delivered))

# 4 and 5 crawler, table
glue.create_crawler(
    Name=DATABASE,
    Role="how-lake",
    DatabaseName=DATABASE,
    Targets={"S3Targets": [{"Path": f"{RAW}/events"}]},
    Configuration=json.dumps(
        {"Version": 1.0, "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}}
    ),
)
glue.start_crawler(Name=DATABASE)
until("the crawler is READY", lambda: glue.get_crawler(Name=DATABASE)["Crawler"]["State"] == "READY")
report["crawl"] = glue.get_crawler(Name=DATABASE)["Crawler"]["LastCrawl"]["Status"]
table = glue.get_table(DatabaseName=DATABASE, Name="events")["Table"]
report["columns"] = [f"{c['Name']} {c['Type']}" for c in table["StorageDescriptor"]["Columns"]]
report["partitionKeys"] = [f"{c['Name']} {c['Type']}" for c in table["PartitionKeys"]]
report["partitions"] = len(glue.get_partitions(DatabaseName=DATABASE, TableName="events")["Partitions"]) > 0


# 6 SQL
def run(sql):
    started = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": DATABASE},
        ResultConfiguration={"OutputLocation": f"s3://{RESULTS}/"},
    )["QueryExecutionId"]

    def ended():
        execution = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
        return execution if execution["Status"]["State"] not in ("QUEUED", "RUNNING") else None

    execution = until("the query ends", ended)
    assert execution["Status"]["State"] == "SUCCEEDED", execution
    return started


def rows(sql, page_size=1000):
    pages = athena.get_paginator("get_query_results").paginate(
        QueryExecutionId=run(sql), PaginationConfig={"PageSize": page_size}
    )
    return [[c.get("VarCharValue") for c in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]][1:]


report["firstTen"] = len(rows(f'SELECT * FROM "{DATABASE}"."events" limit 10;'))
report["counted"] = rows("SELECT count(*), count(DISTINCT event_id) FROM events")[0]
report["paged"] = len(rows("SELECT event_id FROM events", page_size=100))
found = run("SELECT page_url_path, count(*) AS views FROM events GROUP BY 1 ORDER BY 1 LIMIT 1")
report["csv"] = s3.get_object(Bucket=RESULTS, Key=f"{found}.csv")["Body"].read().decode()


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]


report["refusals"] = [
    code(firehose.describe_delivery_stream, DeliveryStreamName="none"),
    code(glue.get_table, DatabaseName=DATABASE, Name="none"),
    code(athena.get_query_execution, QueryExecutionId="none"),
    code(s3.get_object, Bucket=RAW, Key="none"),
    code(iam.get_role, RoleName="none"),
]
print(json.dumps(report))
