import { expect, test } from 'vitest';
import { contextRole } from '../../src/lti/context-role.ts';

const CONTEXT = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';
const SYSTEM = 'http://purl.imsglobal.org/vocab/lis/v2/system/person';

test.each([
  [[`${CONTEXT}#Instructor`], 'teacher'],
  [[`${CONTEXT}#Learner`], 'student'],
  [[`${CONTEXT}#Administrator`], 'administrator'],
  [[`${CONTEXT}/Instructor#PrimaryInstructor`], 'teacher'],
  [[`${CONTEXT}/Learner#GuestLearner`], 'student'],
  [['Instructor'], 'teacher'],
  [['Learner'], 'student'],
  [['Administrator'], 'administrator'],
  [[`${CONTEXT}#Learner`, `${CONTEXT}#Mentor`], 'student'],
  [[`${CONTEXT}#Learner`, `${INSTITUTION}#Faculty`, `${INSTITUTION}#Instructor`], 'student'],
  [[`${CONTEXT}#Learner`, `${SYSTEM}#Administrator`, `${SYSTEM}#SysAdmin`], 'student'],
  [[`${CONTEXT}#Instructor`, `${CONTEXT}#Administrator`], 'teacher'],
  [[`${CONTEXT}#Instructor`, `${CONTEXT}#Learner`], 'teacher'],
  [[`${CONTEXT}#Mentor`], null],
  [['Mentor'], null],
  [[`${CONTEXT}#ContentDeveloper`], null],
  [[`${CONTEXT}#Manager`], null],
  [[`${INSTITUTION}#Instructor`], null],
  [[`${INSTITUTION}#Student`], null],
  [[`${SYSTEM}#Administrator`], null],
  [[], null],
  [[''], null],
  [['instructor'], null],
  [['constructor', '__proto__', `${CONTEXT}#constructor`], null],
  [[`${CONTEXT}#InstructorX`], null],
  [[`${CONTEXT}Instructor`], null],
  [[`${CONTEXT}/Mentor#Instructor`], null],
  [[`https://evil.example.test/${CONTEXT}#Instructor`], null],
  [[`${CONTEXT}#Instructor\n`], null],
] as const)('%j → %s', (roles, expected) => {
  expect(contextRole(roles)).toBe(expected);
});
