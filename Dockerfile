# One image for every worker, `migrate`, `status` and `backup`: `docker compose up` runs it once per kind.
# The embedded database is not in it; give database.url in baton.yaml.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# `ci` refuses a lock file that was made where some platform's optional packages could not be had.
RUN npm ci --no-audit --no-fund || npm install --no-save --no-audit --no-fund
COPY . .
# The first start generates the database client.
RUN node src/cli/bootstrap.mjs --help > /dev/null && npm run build

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Node is there, the client is generated, and only PostgreSQL is talked to.
RUN npm pkg delete dependencies.node dependencies.prisma \
  && npm install --no-save --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && cd node_modules/@prisma/client/runtime && rm -f *.mysql.* *.sqlite.* *.sqlserver.* *.cockroachdb.* *_fast_bg.*

FROM node:24-slim
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=4
WORKDIR /app
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY config/operation/probe.sh /usr/local/bin/probe
RUN printf '#!/bin/sh\nexec node /app/dist/src/cli/main.js "$@"\n' > /usr/local/bin/baton \
  && chmod 755 /usr/local/bin/baton /usr/local/bin/probe
USER node
ENTRYPOINT ["baton"]
CMD ["--help"]
