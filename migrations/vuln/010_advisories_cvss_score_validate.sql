-- Reads the table once while others read and write it.

ALTER TABLE vuln.advisories
    VALIDATE CONSTRAINT advisories_cvss_score_check;
