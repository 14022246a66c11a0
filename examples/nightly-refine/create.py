"""Makes the nightly workflow on the first lake; making it again changes nothing but to what this file says.

    python create.py [--at 'cron(0 2 * * ? *)']

Endpoint and keys are boto3's own affair: eval "$(lakelet env)" sets them.
"""

import argparse
import json
import pathlib

import boto3

BUCKET, CRAWLER, DATABASE, WORKGROUP = "how.raw", "how-kinesis", "how-kinesis", "how"
RESULTS = "how.results"
ROLE, JOB, WORKFLOW = "how-refine", "refine-page-views", "nightly-refine"
SCRIPT = "scripts/refine.py"

TRUST = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
RIGHTS = [
    {"Effect": "Allow", "Action": ["athena:*", "glue:*"], "Resource": "*"},
    {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}{rest}" for name in (BUCKET, RESULTS) for rest in ("", "/*")],
    },
]


def policy(statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--at", default="cron(0 2 * * ? *)", help="when, in UTC")
    schedule = arguments.parse_args().at

    role = made_role()
    boto3.client("s3").put_object(
        Bucket=BUCKET, Key=SCRIPT, Body=pathlib.Path(__file__).with_name("refine.py").read_bytes()
    )
    glue = boto3.client("glue")
    job = {
        "Role": role,
        "Command": {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": f"s3://{BUCKET}/{SCRIPT}"},
        "DefaultArguments": {
            "--DATABASE": DATABASE,
            "--BUCKET": BUCKET,
            "--PREFIX": "refined",
            "--WORKGROUP": WORKGROUP,
        },
        "MaxRetries": 1,
        "Timeout": 60,
        "MaxCapacity": 0.0625,
    }
    made(
        glue,
        lambda: glue.create_job(Name=JOB, **job),
        lambda: glue.update_job(JobName=JOB, JobUpdate=job),
    )
    made(glue, lambda: glue.create_workflow(Name=WORKFLOW), lambda: None)
    trigger(
        glue,
        "nightly-refine-start",
        Type="SCHEDULED",
        Schedule=schedule,
        Actions=[{"CrawlerName": CRAWLER}],
    )
    trigger(
        glue,
        "nightly-refine-crawled",
        Type="CONDITIONAL",
        Predicate={
            "Conditions": [{"LogicalOperator": "EQUALS", "CrawlerName": CRAWLER, "CrawlState": "SUCCEEDED"}]
        },
        Actions=[{"JobName": JOB}],
    )
    print(f"{WORKFLOW} runs {CRAWLER}, then {JOB}: {schedule}")


def made_role():
    iam = boto3.client("iam")
    try:
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=policy([TRUST]))
    except iam.exceptions.EntityAlreadyExistsException:
        pass  # Its rights are set below, whoever made it.
    iam.put_role_policy(RoleName=ROLE, PolicyName="refine", PolicyDocument=policy(RIGHTS))
    return iam.get_role(RoleName=ROLE)["Role"]["Arn"]


def trigger(glue, name, **definition):
    changes = {key: value for key, value in definition.items() if key != "Type"}
    made(
        glue,
        lambda: glue.create_trigger(Name=name, WorkflowName=WORKFLOW, StartOnCreation=True, **definition),
        lambda: glue.update_trigger(Name=name, TriggerUpdate={"Name": name, **changes}),
    )


def made(glue, create, update):
    try:
        create()
    except glue.exceptions.AlreadyExistsException:
        update()


if __name__ == "__main__":
    main()
