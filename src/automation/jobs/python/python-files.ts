/** The Python that lakelet puts beside a script: texts, because a package holds compiled TypeScript and nothing else. */

/**
 * Runs the script as a child of its own and ends with its status. Its standard input is a pipe that lakelet holds open:
 * when it ends, lakelet is gone, however it went, and the whole process group goes too. SIGTERM is for the script.
 */
export const HOST = `import os, signal, subprocess, sys, threading


def end_with_lakelet():
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


signal.signal(signal.SIGTERM, lambda *_: None)
threading.Thread(target=end_with_lakelet, daemon=True).start()
status = subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.DEVNULL).wait()
os._exit(status if status >= 0 else 128 - status)
`

/** `awsglue.utils` as far as a Python shell job has it: every example of AWS's begins by importing it. */
export const AWSGLUE_UTILS = `"""getResolvedOptions, as Glue's Python shell jobs have it."""

import argparse


class GlueArgumentError(Exception):
    pass


class GlueArgumentParser(argparse.ArgumentParser):
    def error(self, message):
        raise GlueArgumentError(message)


def getResolvedOptions(args, options):
    """The values of --NAME for each name in options. Raises GlueArgumentError when one is missing."""
    parser = GlueArgumentParser(add_help=False, allow_abbrev=False)
    always = [name for name in ("JOB_NAME", "JOB_RUN_ID", "WORKFLOW_NAME", "WORKFLOW_RUN_ID") if name not in options]
    for name in options:
        parser.add_argument("--" + name, required=True)
    for name in always:
        parser.add_argument("--" + name, default=argparse.SUPPRESS)
    return vars(parser.parse_known_args(args[1:])[0])
`

/** The lake is one machine: buckets have no names in any DNS. */
export const AWS_CONFIG = `[default]
s3 =
    addressing_style = path
`
