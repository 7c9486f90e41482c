/** As whom someone knows of a case. */
export type Standing = 'applicant' | 'keeper' | 'checker' | 'reviewer' | 'judge' | 'copied' | 'public';
