import Session from 'supertokens-node/recipe/session'

export const recipeList = [Session.init()]
