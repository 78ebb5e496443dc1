CREATE TABLE {{schema}}.onward_audit (tenant text);
GRANT INSERT ON {{schema}}.onward_audit TO {{role}};
CREATE POLICY onward_audit ON {{table}} USING (EXISTS (SELECT FROM {{schema}}.onward_audit));
