"""The API of assessments: begun, filled in, screened, submitted by a person or through their token."""
