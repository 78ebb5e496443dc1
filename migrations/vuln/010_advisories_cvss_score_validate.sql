-- Scans the table once; other sessions can read and write meanwhile.

ALTER TABLE vuln.advisories
    VALIDATE CONSTRAINT advisories_cvss_score_check;
