"""Every write of this room: a document asked for, made, given up, begun again, handed out."""

from reports.services.assessments import check_may_request_of, request_assessment_report
from reports.services.documents import fail_report, hand_out, keep_document, made_file, restart_report, waits_for
from reports.services.requests import check_may_request, job_of, request_sheet

__all__ = [
    "check_may_request",
    "check_may_request_of",
    "fail_report",
    "hand_out",
    "job_of",
    "keep_document",
    "made_file",
    "request_assessment_report",
    "request_sheet",
    "restart_report",
    "waits_for",
]
