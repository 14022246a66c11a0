"""The job: refines one day of raw events into the table page_views, Parquet, a partition a day.

Runs as a Glue Python shell job of lakelet or of AWS. A day may be refined again at any time: what it had is replaced.
"""

import datetime
import sys
import time

import boto3
from awsglue.utils import getResolvedOptions

NAMES = ["DATABASE", "BUCKET", "PREFIX", "WORKGROUP"]
OPTIONS = getResolvedOptions(sys.argv, NAMES + (["DAY"] if "--DAY" in sys.argv else []))
FOLDER = f"{OPTIONS['PREFIX']}/page_views/"

TABLE = f"""
CREATE EXTERNAL TABLE IF NOT EXISTS `{OPTIONS['DATABASE']}`.`page_views` (
  event_id string, viewed_at timestamp, visitor string, page string, device string, country string, source string)
PARTITIONED BY (day string)
STORED AS PARQUET
LOCATION 's3://{OPTIONS['BUCKET']}/{FOLDER}'
"""

REFINE = """
INSERT INTO "{database}"."page_views"
SELECT event_id, min(cast(event_timestamp AS timestamp)), arbitrary(user_domain_id), arbitrary(page_url_path),
       arbitrary(device_type), arbitrary(geo_country), arbitrary(utm_source), "landing-date"
FROM "{database}"."events"
WHERE "landing-date" = '{day}' AND event_type = 'pageview'
GROUP BY event_id, "landing-date"
"""


def main():
    # Without --DAY: the day that has just ended.
    yesterday = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    day = datetime.date.fromisoformat(OPTIONS.get("DAY", yesterday.isoformat())).isoformat()

    query(TABLE)
    forget(day)
    written = query(REFINE.format(database=OPTIONS["DATABASE"], day=day))
    print(f"{written} page views of {day} refined")


def forget(day):
    """Takes the day out of the table, so that doing it again does not count it twice."""
    query(f"ALTER TABLE `{OPTIONS['DATABASE']}`.`page_views` DROP IF EXISTS PARTITION (day = '{day}')")
    objects = boto3.resource("s3").Bucket(OPTIONS["BUCKET"]).objects
    objects.filter(Prefix=f"{FOLDER}day={day}/").delete()


def query(sql):
    """Runs a statement to its end; the number of rows that it wrote. Raises when it fails, so that the job does."""
    athena = boto3.client("athena")
    started = athena.start_query_execution(QueryString=sql, WorkGroup=OPTIONS["WORKGROUP"])
    while True:
        found = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
        state = found["Status"]["State"]
        if state == "SUCCEEDED":
            return athena.get_query_results(QueryExecutionId=started["QueryExecutionId"]).get("UpdateCount")
        if state in ("FAILED", "CANCELLED"):
            raise RuntimeError(f"{state}: {found['Status'].get('StateChangeReason')}\n{sql}")
        time.sleep(0.5)


main()
