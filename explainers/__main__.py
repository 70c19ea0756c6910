"""The command line: the same words in the terminal as on the page.

python -m explainers new FOLDER --data FILE --target COLUMN
python -m explainers serve [FOLDER ...]
python -m explainers list
python -m explainers validate STUDY
python -m explainers build STUDY
python -m explainers explain STUDY CASE
python -m explainers explain STUDY --file CASES --out TABLE
python -m explainers export STUDY --html FILE --pptx FILE
python -m explainers report STUDY FILE

STUDY is a study's name or its folder. Exit codes: 0 done, 1 something was found or failed (said on stderr), 2 the call
itself is not right.
"""

from __future__ import annotations

from explainers.commands import app

if __name__ == "__main__":
    app()
