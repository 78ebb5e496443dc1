CREATE TABLE "My-Schema".items (id bigint PRIMARY KEY);
