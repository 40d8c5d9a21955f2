// Every page of the application, and who looks at it. A new page is one line here: then it is checked in both themes,
// both languages and three widths.
import type { Login } from './people';
import { TEMPLATE } from './prepare';
import { copied, database, type Server, TODAY } from './programs';

export interface Place {
  name: string;
  login: Login | 'nobody';
  address: (server: Server) => Promise<string> | string;
}

/** School 1 of the demo region (server/src/demo). */
export const SCHOOL = 11;

/** The algebra journal of 7А, which `teacher` teaches. */
export async function algebra(server: Server): Promise<string> {
  return load(server, 'Алгебра', '7А');
}

export async function load(server: Server, subject: string, className: string): Promise<string> {
  return server.ask(`
    select l.id from teaching_load l
    join subject s on s.school_id = l.school_id and s.id = l.subject_id
    join load_audience a on a.school_id = l.school_id and a.load_id = l.id
    left join subgroup g on g.school_id = a.school_id and g.id = a.subgroup_id
    join class c on c.school_id = a.school_id and c.id = coalesce(a.class_id, g.class_id)
    where l.school_id = ${SCHOOL} and s.name = '${subject}' and c.name = '${className}' order by l.id limit 1`);
}

/** The marks of periods as the demo region has them: other journeys take all of them away. */
export async function results(server: Server): Promise<void> {
  await copied('period_mark', database(process.env.PARTA_E2E_CLUSTER!, TEMPLATE), server.databaseUrl);
}

/** A class of School 1. */
export async function classCalled(server: Server, name: string): Promise<string> {
  return server.ask(`select id from class where school_id = ${SCHOOL} and name = '${name}' order by id limit 1`);
}

/** A pupil's number by name. */
export async function pupil(server: Server, last: string, first: string): Promise<string> {
  return server.ask(`select p.id from pupil p join person n on n.id = p.person_id
    where n.last_name = '${last}' and n.first_name = '${first}' order by p.id limit 1`);
}

/** The mark that the demo's mother asks about. */
export async function asked(server: Server): Promise<string> {
  return server.ask(`select '/disputes/' || pupil_id || '/' || assignment_id from dispute where school_id = ${SCHOOL} order by id limit 1`);
}

/** A mark of a period that a pupil was given. */
export async function periodMark(server: Server, pupil: string): Promise<string> {
  return server.ask(`select id from period_mark where school_id = ${SCHOOL} and pupil_id = ${pupil} and code is not null order by id limit 1`);
}

/** The version of the timetable that is a draft. */
export async function draft(server: Server): Promise<string> {
  return server.ask(`select id from timetable_version where school_id = ${SCHOOL} and state = 'draft' order by id limit 1`);
}

export async function published(server: Server): Promise<string> {
  return server.ask(`select id from timetable_version where school_id = ${SCHOOL} and state = 'published' order by id limit 1`);
}

export const PLACES: Place[] = [
  { name: 'sign-in', login: 'nobody', address: () => '/sign-in' },
  { name: 'account', login: 'parent', address: () => '/account' },
  { name: 'password', login: 'parent', address: () => '/password' },
  { name: 'diary', login: 'parent', address: () => '/diary' },
  { name: 'diary of three', login: 'parent3', address: () => '/diary' },
  { name: 'subjects', login: 'parent', address: async (s) => `/diary/${await pupil(s, 'Соколов', 'Артём')}/subjects` },
  { name: 'diary outside the year', login: 'parent', address: async (s) => `/diary/${await pupil(s, 'Соколов', 'Артём')}/2031-07-14` },
  { name: 'calendar', login: 'parent', address: async (s) => `/calendar/${await pupil(s, 'Соколов', 'Артём')}` },
  { name: 'absences ahead', login: 'parent', address: async (s) => `/absences/${await pupil(s, 'Соколов', 'Артём')}` },
  { name: 'questions of a family', login: 'parent', address: () => '/disputes' },
  { name: 'questions of a school', login: 'deputy', address: () => '/disputes' },
  { name: 'question about a mark', login: 'teacher', address: (s) => asked(s) },
  {
    name: 'question about a mark of a period',
    login: 'parent',
    address: async (s) => {
      const child = await pupil(s, 'Соколов', 'Артём');
      return `/disputes/${child}/period/${await periodMark(s, child)}`;
    },
  },
  { name: 'notices', login: 'parent', address: () => '/notices' },
  { name: 'notices, settings', login: 'parent', address: () => '/notices/settings' },
  { name: 'journals', login: 'teacher', address: () => '/journal' },
  { name: 'rules of marking', login: 'deputy', address: () => '/journal/rules' },
  { name: 'periods', login: 'deputy', address: () => '/journal/periods' },
  { name: 'scales and kinds of work', login: 'deputy', address: () => '/journal/scales' },
  { name: 'rules of marking, read only', login: 'teacher', address: () => '/journal/rules' },
  { name: 'grade grid', login: 'teacher', address: async (s) => `/journal/${await algebra(s)}` },
  { name: 'deadlines of a teacher', login: 'teacher', address: () => '/deadlines' },
  { name: 'deadlines of the school', login: 'deputy', address: () => '/deadlines?by=class' },
  { name: 'marks not as proposed', login: 'deputy', address: () => '/deviations' },
  { name: 'owed works of a teacher', login: 'teacher', address: () => '/owed' },
  { name: 'owed works of a class', login: 'classteacher', address: async (s) => `/owed?class=${await classCalled(s, '7А')}` },
  { name: 'attendance of the school', login: 'deputy', address: () => '/attendance' },
  { name: 'attendance of a class', login: 'classteacher', address: async (s) => `/attendance/${await classCalled(s, '7А')}` },
  { name: 'attendance, a reason to set', login: 'classteacher', address: async (s) => `/attendance/${await classCalled(s, '7А')}?pupil=${await pupil(s, 'Соколов', 'Артём')}&from=${TODAY}&until=${TODAY}` },
  { name: 'attendance, behind a figure', login: 'classteacher', address: async (s) => `/attendance/${await classCalled(s, '7А')}?behind=p${await pupil(s, 'Соколов', 'Артём')}.missed` },
  { name: 'parents’ signatures', login: 'classteacher', address: async (s) => `/acknowledgements/${await classCalled(s, '7А')}` },
  { name: 'exemptions', login: 'classteacher', address: async (s) => `/exemptions/${await classCalled(s, '7А')}` },
  { name: 'lesson plan', login: 'teacher', address: async (s) => `/journal/${await algebra(s)}/plan` },
  { name: 'lesson plan from a file', login: 'teacher', address: async (s) => `/journal/${await algebra(s)}/plan/import` },
  { name: 'assessments of a journal', login: 'teacher', address: async (s) => `/assessments/${await algebra(s)}` },
  { name: 'assessments of the school', login: 'deputy', address: () => '/assessments' },
  { name: 'days at a distance', login: 'deputy', address: () => '/distance' },
  { name: 'cancelled lessons', login: 'deputy', address: async (s) => `/cancellations?class=${await classCalled(s, '7А')}&day=${TODAY}` },
  { name: 'substitutions', login: 'deputy', address: async (s) => `/substitutions?class=${await classCalled(s, '7А')}&day=${TODAY}` },
  { name: 'totals', login: 'teacher', address: async (s) => `/journal/${await algebra(s)}/totals` },
  { name: 'totals, read only', login: 'director', address: async (s) => `/journal/${await algebra(s)}/totals` },
  { name: 'sheet of marks', login: 'deputy', address: async (s) => `/sheets?kind=marks&id=${await classCalled(s, '7А')}` },
  { name: 'sheet of attendance', login: 'deputy', address: async (s) => `/sheets?kind=attendance&id=${await classCalled(s, '7А')}` },
  { name: 'behind a figure of marks', login: 'deputy', address: async (s) => `/sheets?kind=marks&id=${await classCalled(s, '7А')}&at=average.average` },
  { name: 'behind a figure of attendance', login: 'deputy', address: async (s) => `/sheets?kind=attendance&id=${await classCalled(s, '7А')}&at=all.missed` },
  { name: 'behind an average of the journal', login: 'teacher', address: async (s) => `/sheets?kind=journal&id=${await algebra(s)}&at=p${await pupil(s, 'Соколов', 'Артём')}.average` },
  { name: 'page of a journal', login: 'teacher', address: async (s) => `/sheets?kind=journal&id=${await algebra(s)}` },
  { name: 'sheets of pupils', login: 'teacher', address: () => '/sheets?kind=report' },
  { name: 'report of a pupil', login: 'parent', address: async (s) => `/sheets/${await pupil(s, 'Соколов', 'Артём')}` },
  { name: 'behind a figure of a report', login: 'parent', address: async (s) => `/sheets/${await pupil(s, 'Соколов', 'Артём')}?at=missed.n0` },
  { name: 'report card', login: 'parent', address: async (s) => `/sheets/${await pupil(s, 'Соколов', 'Артём')}?kind=card` },
  { name: 'timetables', login: 'deputy', address: () => '/timetable' },
  { name: 'export', login: 'deputy', address: async (s) => `/timetable/${await published(s)}/export` },
  { name: 'comparison of timetables', login: 'deputy', address: async (s) => `/timetable/compare?first=${await published(s)}&second=${await draft(s)}` },
  { name: 'timetable editor', login: 'deputy', address: async (s) => `/timetable/${await draft(s)}` },
  { name: 'timetable in force', login: 'deputy', address: async (s) => `/timetable/${await published(s)}` },
  { name: 'requirements: teachers', login: 'deputy', address: () => '/timetable/requirements?part=teachers' },
  { name: 'requirements: buildings', login: 'deputy', address: () => '/timetable/requirements?part=buildings' },
  { name: 'requirements: subjects', login: 'deputy', address: () => '/timetable/requirements?part=subjects' },
  { name: 'requirements: norms', login: 'deputy', address: () => '/timetable/requirements?part=norms' },
  { name: 'requirements, read only', login: 'teacher', address: () => '/timetable/requirements' },
  { name: 'bells', login: 'deputy', address: () => '/timetable/bells' },
  { name: 'bells, read only', login: 'parent', address: () => '/timetable/bells' },
  { name: 'import', login: 'deputy', address: () => '/import' },
  { name: 'classes', login: 'deputy', address: () => '/classes' },
  { name: 'list of pupils', login: 'deputy', address: () => '/classes/import' },
  { name: 'class', login: 'deputy', address: async (s) => `/classes/${await classCalled(s, '7А')}` },
  { name: 'class, read only', login: 'teacher', address: async (s) => `/classes/${await classCalled(s, '7А')}` },
  { name: 'accounts', login: 'director', address: () => '/accounts' },
  { name: 'accounts of the staff', login: 'director', address: () => '/accounts/staff' },
  { name: 'accounts of a class', login: 'director', address: async (s) => `/accounts/${await classCalled(s, '7А')}` },
  { name: 'home of a deputy', login: 'deputy', address: () => '/' },
  { name: 'no such page', login: 'parent', address: () => '/no-such-page' },
];
