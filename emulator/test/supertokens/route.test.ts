import { describe, expect, it } from 'vitest'
import { toRoute } from '../../src/supertokens/route.js'

const paths = new Set(['/', '/hello', '/users', '/users/count', '/recipe/signup', '/recipe/user'])
const isKnown = (path: string) => paths.has(path)

describe('a path is read', () => {
  it.each([
    ['/recipe/signup', 'public', 'public', '/recipe/signup'],
    ['/recipe/signup/', 'public', 'public', '/recipe/signup'],
    ['/RECIPE/SignUp', 'public', 'public', '/recipe/signup'],
    ['/public/recipe/signup', 'public', 'public', '/recipe/signup'],
    ['/PUBLIC/users/count', 'public', 'public', '/users/count'],
    ['/other/recipe/signup', 'public', 'other', '/recipe/signup'],
    ['/appid-mine/recipe/signup', 'mine', 'public', '/recipe/signup'],
    ['/appid-mine/t1/recipe/signup/', 'mine', 't1', '/recipe/signup'],
    ['/appid-public/public/hello', 'public', 'public', '/hello'],
    ['/appid-/hello', 'public', 'public', '/hello'],
    ['/appid-one/appid-two/users', 'one', 'appid-two', '/users'],
    ['/', 'public', 'public', '/'],
    ['/public', 'public', 'public', '/'],
    ['/appid-mine', 'mine', 'public', '/'],
  ])('%s', (pathname, appId, tenantId, path) => {
    expect(toRoute(pathname, isKnown)).toEqual({ appId, tenantId, path })
  })
})

describe('a path is not read', () => {
  it.each([
    ['with nothing known in it', '/nonexistent'],
    ['with two slashes at the end', '/hello//'],
    ['with two tenants', '/one/two/users'],
    ['with the tenant before the app', '/t1/appid-mine/users'],
    ['with more after it', '/users/count/more'],
    ['with less before it', '/count'],
    ['with a tenant of other characters', '/t_1/users'],
    ['with a tenant that begins a path: recipe', '/recipe/users'],
    ['with a tenant that begins a path: users', '/users/hello'],
    ['with a tenant that begins a path: hello', '/hello/users'],
    ['with a tenant that begins a path: config', '/config/users'],
  ])('%s', (_, pathname) => {
    expect(toRoute(pathname, isKnown)).toBeNull()
  })
})
