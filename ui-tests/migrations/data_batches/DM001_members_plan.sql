-- onward: batch 1000 by id
UPDATE data_batches.members SET plan = 'free' WHERE plan IS NULL;
