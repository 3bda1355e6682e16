export { default } from '../../../../nextjs/app/sign-in/[[...path]]/page'
