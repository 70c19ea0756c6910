"""Snapshots: the state of a study at the end of a sprint, kept as bytes that hold no code."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import undefer

from explainers.database import checks
from explainers.database.engine import reading, stored_once, writing
from explainers.database.records import record
from explainers.database.records_meeting import KeptSnapshot
from explainers.database.tables import SnapshotRow


def add_snapshot(
    *, submission_id: str, author: str, study: str, fingerprint: str, name: str, payload: bytes, comment: str = ""
) -> KeptSnapshot:
    """Keep the state of a study.

    Parameters
    ----------
    submission_id : str
        A UUID as text, made when the form was drawn. A second call with the same one stores nothing.
    author : str
        Who keeps it: 1 to 80 characters.
    study, fingerprint : str
        Name of the study and its fingerprint.
    name : str
        What it is called, such as "Sprint 4": 1 to 120 characters.
    payload : bytes
        The state, as `snapshots.to_bytes` gives it; at most 64 MB.
    comment : str
        At most 4,000 characters.

    Returns
    -------
    KeptSnapshot
        What is stored now, without its payload: committed before this returns.

    Raises
    ------
    DatabaseError
        A value cannot be stored, or the database cannot be written; nothing was stored.
    """
    row = SnapshotRow(
        submission_id=checks.submission_id(submission_id),
        author=checks.author(author),
        study=checks.name("The name of the study", study),
        fingerprint=checks.written("The fingerprint of the study", fingerprint, checks.NAME_LENGTH),
        name=" ".join(checks.needed("The name of the snapshot", name, checks.LABEL_LENGTH).split()),
        comment=checks.written("The comment", comment),
        payload=checks.payload(payload),
    )
    with writing() as session:
        return _kept(stored_once(session, row))  # the commit comes first, and its error takes the return's place


def snapshots(study: str) -> tuple[KeptSnapshot, ...]:
    """Read which snapshots a study has, newest first, without their payloads.

    Parameters
    ----------
    study : str
        Name of the study.

    Returns
    -------
    tuple of KeptSnapshot
    """
    query = select(SnapshotRow).where(SnapshotRow.study == checks.name("The name of the study", study))
    with reading() as session:
        return tuple(_kept(row) for row in session.scalars(query.order_by(SnapshotRow.id.desc())))


def snapshot(snapshot_id: int) -> KeptSnapshot:
    """Read one snapshot with its payload.

    Parameters
    ----------
    snapshot_id : int
        Number of the snapshot.

    Returns
    -------
    KeptSnapshot

    Raises
    ------
    DatabaseError
        There is no such snapshot.
    """
    known = checks.record_id("snapshot", snapshot_id)
    query = select(SnapshotRow).where(SnapshotRow.id == known).options(undefer(SnapshotRow.payload))
    with reading() as session:
        row = session.scalar(query)
        if row is None:
            raise checks.no_such("snapshot", known)
        return _kept(row, row.payload)


def _kept(row: SnapshotRow, payload: bytes = b"") -> KeptSnapshot:
    return record(KeptSnapshot, row, payload=payload)
