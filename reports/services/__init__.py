"""Every write of this room: a document asked for, made, given up, begun again, handed out."""

from reports.services.assessments import check_may_request_of, request_assessment_report
from reports.services.documents import fail_report, hand_out, keep_document, restart_report
from reports.services.requests import check_may_request, job_of, request_sheet

__all__ = [
    "check_may_request",
    "check_may_request_of",
    "fail_report",
    "hand_out",
    "job_of",
    "keep_document",
    "request_assessment_report",
    "request_sheet",
    "restart_report",
]
