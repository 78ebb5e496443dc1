-- onward: batch 1000 by id
UPDATE all_categories.items SET state = 'done' WHERE state = 'finished';
