import { importPackage, type Program } from '../program.ts';

interface SqlJs {
  readonly Database: new () => { readonly exec: (sql: string) => unknown };
}

/** A query with errors, sorting, grouping, text and floating point. */
const PROGRAM = `
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
  SELECT i % 7 AS g, count(*), sum(i * i % 11), avg(i), group_concat(CASE WHEN i % 9973 = 0 THEN hex(i) END)
  FROM n GROUP BY g ORDER BY 3 DESC`;

const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';

export async function start(): Promise<Program> {
  const { default: initialise } = await importPackage<{ default: () => Promise<SqlJs> }>('sql.js');
  const { Database } = await initialise();
  const database = new Database();
  const failing = (sql: string): string => {
    try {
      return JSON.stringify(database.exec(sql));
    } catch (error) {
      return String(error);
    }
  };
  return {
    run: () => [failing(PROGRAM), failing('SELECT abs(-9223372036854775807 - 1)')].join('\n'),
    endless: () => database.exec(ENDLESS),
  };
}
