SET LOCAL ROLE {{name}};
