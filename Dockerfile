# The image of the many-machine set-up: server and worker from one build. One machine alone needs no image: `npm start`.
FROM node:24-bookworm-slim AS build
WORKDIR /entente
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/var/lib/entente
WORKDIR /entente
COPY --from=build /entente/package.json ./
COPY --from=build /entente/node_modules ./node_modules
COPY --from=build /entente/dist ./dist
COPY --from=build /entente/workflows ./workflows
RUN mkdir /var/lib/entente && chown node:node /var/lib/entente
USER node
VOLUME /var/lib/entente
EXPOSE 3000
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/apps/server/main.js"]
