CREATE TABLE auth.users (id uuid PRIMARY KEY, email text NOT NULL);
CREATE TYPE auth.level AS ENUM ('low', 'high');
