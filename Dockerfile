# The program in a small image. The build wants about 4 GB of memory; the result carries only the binary.
#
#   docker build -t nongcot .
#   docker run -p 8080:8080 -p 8081:8081 -v nongcot-data:/var/lib/nongcot nongcot

FROM debian:12-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential ca-certificates curl libssl-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
# A toolchain of a fixed version, so that the same commit builds the same program.
ARG RUST_VERSION=1.95.0
ENV PATH=/root/.cargo/bin:$PATH
RUN curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain $RUST_VERSION
WORKDIR /build
COPY . .
RUN cargo build --locked --profile dist --features postgres-tls \
 && strip --strip-debug target/dist/nongcot

FROM debian:12-slim
# libssl for TLS to PostgreSQL, certificates to check whom we talk to, and the names of time zones.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libssl3 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/nongcot --create-home --shell /usr/sbin/nologin nongcot
COPY --from=build /build/target/dist/nongcot /usr/local/bin/nongcot
COPY --from=build /build/courses /usr/share/nongcot/courses
COPY --from=build /build/LICENSE /usr/share/doc/nongcot/LICENSE
USER nongcot
WORKDIR /var/lib/nongcot
# Inside a container every address has to be listened on; the outside decides what is published.
ENV NONGCOT__HTTP__LISTEN=0.0.0.0:8080 \
    NONGCOT__FILES__LISTEN=0.0.0.0:8081 \
    NONGCOT__METRICS__LISTEN=0.0.0.0:9090 \
    NONGCOT__STORAGE__DIR=/var/lib/nongcot \
    NONGCOT__LOG__FORMAT=json
EXPOSE 8080 8081 9090
VOLUME /var/lib/nongcot
# Requests in progress are finished on SIGTERM, within http.shutdown_seconds.
STOPSIGNAL SIGTERM
ENTRYPOINT ["nongcot"]
CMD ["serve"]
