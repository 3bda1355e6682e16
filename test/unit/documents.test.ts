import { describe, expect, it } from 'vitest'
import { expectsDocument, isDocumentNavigation } from '../../src/documents.js'
import { NAVIGATION } from '../support/core-auth.js'
import { viewOf } from '../support/core-provider.js'

const { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = NAVIGATION
const told = { 'sec-fetch-mode': mode, 'sec-fetch-dest': dest }

describe('a page load', () => {
  it.each<[string, string | undefined, Record<string, string>, boolean, boolean]>([
    ['a person', 'GET', NAVIGATION, true, true],
    ['a person, in a server component', undefined, NAVIGATION, true, true],
    ['an old browser', 'GET', { accept: 'text/html,*/*' }, false, true],
    ['an old browser, method unknown', undefined, { accept: 'text/html' }, false, false],
    ['a program', 'GET', { accept: '*/*' }, false, false],
    ['a program that says nothing', 'GET', {}, false, false],
    ['a form', 'POST', NAVIGATION, false, false],
    ['a HEAD request', 'HEAD', NAVIGATION, false, false],
    ['a frame', 'GET', { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }, false, false],
    ['an embedded object', 'GET', { ...NAVIGATION, 'sec-fetch-dest': 'embed' }, false, false],
    ['a script', 'GET', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, false, false],
    [
      'a script that claims to be a document',
      'GET',
      { ...told, 'sec-fetch-mode': 'cors' },
      false,
      false,
    ],
    ['a prefetch', 'GET', { ...NAVIGATION, 'sec-purpose': 'prefetch' }, false, false],
    [
      'an old browser’s prefetch',
      'GET',
      { accept: 'text/html', 'sec-purpose': 'prefetch' },
      false,
      false,
    ],
    ['the router', 'GET', { ...NAVIGATION, rsc: '1' }, false, false],
    ['the router’s prefetch', 'GET', { ...NAVIGATION, 'next-router-prefetch': '1' }, false, false],
    ['the router’s data', 'GET', { ...NAVIGATION, 'x-nextjs-data': '1' }, false, false],
    ['a server action', 'POST', { ...NAVIGATION, 'next-action': 'x' }, false, false],
    ['an old browser’s router', 'GET', { accept: 'text/html', rsc: '1' }, false, false],
  ])('by %s', (_, method, headers, isNavigation, isExpected) => {
    const view = viewOf(headers, method)
    expect(isDocumentNavigation(view)).toBe(isNavigation)
    expect(expectsDocument(view)).toBe(isExpected)
  })
})
