"""The job: refines one day of raw events into the table page_views, Parquet, a partition a day.

Runs as a Glue Python shell job. A day may be refined again at any time: what it had is replaced.
"""

import datetime
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
  event_id string, viewed_at timestamp, visitor string, page string, device string, country string, source string)
PARTITIONED BY (day string)
STORED AS PARQUET
LOCATION 's3://{BUCKET}/{FOLDER}/'
"""

# Producers send again what they are not sure of: each event counts once.
REFINE = """
INSERT INTO "{database}"."page_views"
SELECT event_id, min(CAST(event_timestamp AS timestamp)), arbitrary(user_domain_id), arbitrary(page_url_path),
       arbitrary(device_type), arbitrary(geo_country), arbitrary(utm_source), '{day}'
FROM "{database}"."events"
WHERE "landing-date" = '{day}' AND event_type = 'pageview'
GROUP BY event_id
"""


def main():
    # Without --DAY: the day that has just ended.
    yesterday = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    day = datetime.date.fromisoformat(OPTIONS.get("DAY", yesterday.isoformat())).isoformat()

    query(TABLE)
    # What an earlier run has made of this day.
    boto3.resource("s3").Bucket(BUCKET).objects.filter(Prefix=f"{FOLDER}/day={day}/").delete()
    print(f"{query(REFINE.format(database=DATABASE, day=day))} page views of {day} refined")


def query(sql):
    """Runs a statement to its end; how many rows it has written. Raises when it fails, so that the job does."""
    athena = boto3.client("athena")
    execution = athena.start_query_execution(QueryString=sql, WorkGroup=OPTIONS["WORKGROUP"])["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return athena.get_query_results(QueryExecutionId=execution).get("UpdateCount")
        if status["State"] in ("FAILED", "CANCELLED"):
            raise RuntimeError(f"{status['State']}: {status.get('StateChangeReason')}")
        time.sleep(0.2)


main()
