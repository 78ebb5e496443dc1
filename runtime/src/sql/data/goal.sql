  EXECUTE {{last}} INTO goal;
