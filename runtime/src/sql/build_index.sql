{{head}}{{built}}{{middle}}{{schema}}.{{table}}{{tail}}
