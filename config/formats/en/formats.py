"""Formats of Canadian English: November 22, 2026, 2:32 p.m., 12,500.50."""

DATE_FORMAT = "F j, Y"
SHORT_DATE_FORMAT = "Y-m-d"
MONTH_DAY_FORMAT = "F j"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "g:i\xa0a"
DATETIME_FORMAT = "F j, Y, g:i\xa0a"
SHORT_DATETIME_FORMAT = "Y-m-d g:i\xa0a"
FIRST_DAY_OF_WEEK = 0
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%B %d, %Y"]
