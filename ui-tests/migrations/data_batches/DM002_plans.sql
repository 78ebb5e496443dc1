-- onward: batch 1000 by tenant_id, id
INSERT INTO data_batches.plans (plan, members)
SELECT plan, count(*) FROM data_batches.members WHERE plan IS NOT NULL GROUP BY plan
ON CONFLICT (plan) DO NOTHING;
