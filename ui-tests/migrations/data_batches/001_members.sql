CREATE TABLE data_batches.members (tenant_id bigint, id bigint, plan text, PRIMARY KEY (tenant_id, id));
CREATE TABLE data_batches.plans (plan text PRIMARY KEY, members bigint NOT NULL);
