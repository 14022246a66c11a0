"""The job: refines one day of raw events into the table page_views, a partition a day.

Runs as a Glue Python shell job. A day may be refined again at any time: what it had is replaced.
"""

import csv
import datetime
import gzip
import io
import json
import sys
import time

import boto3
from awsglue.utils import getResolvedOptions

NAMES = ["DATABASE", "BUCKET", "PREFIX", "WORKGROUP"]
OPTIONS = getResolvedOptions(sys.argv, NAMES + (["DAY"] if "--DAY" in sys.argv else []))
DATABASE, BUCKET = OPTIONS["DATABASE"], OPTIONS["BUCKET"]
FOLDER = f"{OPTIONS['PREFIX']}/page_views"

TABLE = f"""
CREATE EXTERNAL TABLE IF NOT EXISTS `{DATABASE}`.`page_views` (
  event_id string, viewed_at string, visitor string, page string, device string, country string, source string)
PARTITIONED BY (day string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION 's3://{BUCKET}/{FOLDER}/'
"""

# Producers send again what they are not sure of: each event counts once.
PAGE_VIEWS = """
SELECT event_id, min(event_timestamp) AS viewed_at, arbitrary(user_domain_id) AS visitor,
       arbitrary(page_url_path) AS page, arbitrary(device_type) AS device, arbitrary(geo_country) AS country,
       arbitrary(utm_source) AS source
FROM "{database}"."events"
WHERE "landing-date" = '{day}' AND event_type = 'pageview'
GROUP BY event_id
"""


def main():
    # Without --DAY: the day that has just ended.
    yesterday = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    day = datetime.date.fromisoformat(OPTIONS.get("DAY", yesterday.isoformat())).isoformat()

    query(TABLE)
    views = list(csv.DictReader(io.StringIO(result(query(PAGE_VIEWS.format(database=DATABASE, day=day))))))
    lines = "".join(json.dumps(view) + "\n" for view in views)
    key = f"{FOLDER}/day={day}/page_views.json.gz"
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(lines.encode()))
    query(f"ALTER TABLE `{DATABASE}`.`page_views` ADD IF NOT EXISTS PARTITION (day = '{day}')")
    print(f"{len(views)} page views of {day} refined")


def query(sql):
    """Runs a statement to its end; where its result is. Raises when it fails, so that the job does."""
    athena = boto3.client("athena")
    started = athena.start_query_execution(QueryString=sql, WorkGroup=OPTIONS["WORKGROUP"])
    while True:
        found = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
        state = found["Status"]["State"]
        if state == "SUCCEEDED":
            return found["ResultConfiguration"]["OutputLocation"]
        if state in ("FAILED", "CANCELLED"):
            raise RuntimeError(f"{state}: {found['Status'].get('StateChangeReason')}")
        time.sleep(0.2)


def result(location):
    bucket, key = location.removeprefix("s3://").split("/", 1)
    return boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


main()
