INSERT INTO all_categories.items (id, title, state) OVERRIDING SYSTEM VALUE VALUES (1, 'first', 'new')
ON CONFLICT (id) DO NOTHING;
