# The io and gpu workers and the command line. The network is needed only while the image is built: TensorFlow, the
# backbone's weights and the workflows are in it.
#
#   docker build --tag serengeti .
#   docker build --tag serengeti:gpu --build-arg DEVICE=gpu .
ARG NODE_VERSION=24.11.0-bookworm-slim

FROM node:${NODE_VERSION} AS build
ARG DEVICE=cpu
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends g++ python3 python3-pip \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# First what changes seldom: another source file does not fetch TensorFlow again.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN SERENGETI_DEVICE=${DEVICE} node scripts/setup.mjs \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf .serengeti/native/temporal .serengeti/native/*/tensorflow/include

FROM node:${NODE_VERSION}
ENV NODE_ENV=production \
  SERENGETI_CACHE=/cache
WORKDIR /app
COPY --from=build /app/package.json /app/package-lock.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/.serengeti/native .serengeti/native
COPY --from=build /app/dist dist
# The program is read-only; what a worker writes is here.
RUN mkdir -p /cache .serengeti/state .serengeti/weights \
  && chown node:node /cache .serengeti/state .serengeti/weights
# The user `node` of the image.
USER 1000:1000
VOLUME /cache
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["--help"]
