export default function handler(_request, response) {
  response.json({ userId: 'nobody asked' })
}
