"""All settings of the service, read from the environment (``ANTMILL_*``) or given in code.

The one table of them in ``docs/operations.md`` is generated from the descriptions below.
"""

import os
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from api.webhooks.policy import Policy
from api.webhooks.signing import secret_bytes

MEBIBYTE = 1 << 20


def default_slots() -> int:
    """Return how many jobs run at once: the cores that this process may use, less one."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


def default_readers() -> int:
    """Return how many processes read bodies: one for every two cores, but two of two; at most 4."""
    cores = len(os.sched_getaffinity(0))
    return min(cores, max(2, min(4, cores // 2)))


class Settings(BaseSettings):
    """Settings of one service process; every field is the variable ``ANTMILL_<NAME>``."""

    model_config = SettingsConfigDict(
        env_prefix="ANTMILL_", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(
        default=8000, ge=0, le=65535, description="port to listen on; 0 takes a free one"
    )
    database: str = Field(
        default="antmill.db",
        description="SQLite file, or a URL `postgresql://user:password@host/name`",
    )
    slots: int = Field(
        default_factory=default_slots,
        ge=0,
        description="jobs that run at once here; 0 serves without running any",
    )
    readers: int = Field(
        default_factory=default_readers,
        ge=0,
        description="processes that read large request bodies; 0 reads them in this one",
    )
    nice: int = Field(default=10, ge=0, le=19, description="niceness of the worker processes")
    warm_up: bool = Field(
        default=True, description="compile kernels before a worker takes its first job"
    )
    lease_s: float = Field(
        default=15, gt=0, description="seconds without a heartbeat after which a job is taken away"
    )
    beat_s: float = Field(default=0.5, gt=0, description="seconds between a worker's heartbeats")
    grace_s: float = Field(
        default=15, gt=0, description="seconds beyond its own limit after which a job is killed"
    )
    attempts: int = Field(default=3, ge=1, description="attempts before a job has failed(crash)")
    max_time_s: float = Field(
        default=3600, gt=0, description="longest search that a job may ask for"
    )
    max_threads: int = Field(
        default_factory=default_slots, ge=1, description="most threads that a job may ask for"
    )
    job_memory_mb: int = Field(
        default=2048, ge=256, description="memory of a job, MiB; more is killed"
    )
    max_body_mb: float = Field(default=16, gt=0, description="largest request body, MiB")
    max_orders: int = Field(default=20_000, ge=1, description="most orders of one order book")
    body_timeout_s: float = Field(
        default=20, gt=0, description="seconds for a request body to arrive"
    )
    header_timeout_s: float = Field(
        default=10, gt=0, description="seconds for request headers to arrive"
    )
    max_header_kb: int = Field(
        default=32, ge=4, description="largest request line and headers, KiB"
    )
    max_connections: int = Field(default=512, ge=1, description="connections served at once")
    requests_per_minute: int = Field(
        default=1200, ge=1, description="requests that one client may send in a minute"
    )
    queued_per_client: int = Field(
        default=200, ge=1, description="jobs of one client that may wait or run"
    )
    running_per_client: int = Field(
        default=64, ge=1, description="jobs of one client that may run at once"
    )
    stored_per_mill: int = Field(
        default=100_000, ge=1, description="jobs of one mill that may be kept"
    )
    oidc_issuer: str = Field(default="", description="issuer whose tokens are accepted")
    oidc_audience: str = Field(default="antmill", description="audience that a token must name")
    oidc_keys: str = Field(
        default="", description="the issuer's keys (JWKS): a file, or an https address"
    )
    oidc_mill_claim: str = Field(default="mill", description="claim that names the mill")
    oidc_role_claim: str = Field(default="role", description="claim that names the role")
    webhook_hosts: str = Field(
        default="",
        description="receivers that jobs may name, such as `mes.plant:8443, *.plant.example`; "
        "none, and there are no webhooks",
    )
    webhook_networks: str = Field(
        default="",
        description="private networks that receivers may be in, such as `10.1.0.0/16, fd00::/8`",
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="`whsec_` and base64 of at least 24 random bytes; two, parted by a blank, "
        "while one replaces the other",
    )
    webhook_ca: str = Field(
        default="", description="file of the authorities that receivers' certificates may be from"
    )
    webhook_attempts: int = Field(
        default=10, ge=1, le=50, description="tries until a webhook has failed"
    )
    webhook_backoff_s: float = Field(
        default=5, gt=0, description="seconds until the second try; four times as long each"
    )
    webhook_timeout_s: float = Field(
        default=10, gt=0, le=120, description="seconds for a receiver to answer"
    )
    log_format: Literal["text", "json"] = Field(default="text", description="form of the logs")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least severe events that are logged"
    )
    idempotency_h: float = Field(
        default=72, gt=0, description="hours that an Idempotency-Key is kept"
    )

    @model_validator(mode="after")
    def beats_fit_into_the_lease(self) -> Self:
        """Refuse a lease that a single late heartbeat would lose."""
        if self.lease_s < 4 * self.beat_s:
            raise ValueError("lease_s must be at least four times beat_s")
        return self

    @model_validator(mode="after")
    def an_issuer_has_keys(self) -> Self:
        """Refuse an issuer whose tokens nobody could check."""
        if self.oidc_issuer and not self.oidc_keys:
            raise ValueError("oidc_issuer needs oidc_keys")
        return self

    @field_validator("webhook_hosts", "webhook_networks")
    @classmethod
    def webhook_lists_can_be_read(cls, value: str, info: ValidationInfo) -> str:
        """Refuse what is no list of hosts, or of networks."""
        Policy.of(**{"hosts": "", "networks": "", str(info.field_name)[8:]: value})
        return value

    @model_validator(mode="after")
    def webhooks_are_signed(self) -> Self:
        """Refuse receivers without a secret to sign with, and what is no secret."""
        secrets = self.webhook_secret.get_secret_value().split()
        if self.webhook_hosts and not secrets:
            raise ValueError("webhook_hosts needs webhook_secret")
        for secret in secrets:
            secret_bytes(secret)
        return self

    @property
    def database_url(self) -> str:
        """The database as a URL of SQLAlchemy, with the driver that Antmill ships."""
        if "://" not in self.database:
            return f"sqlite:///{Path(self.database).absolute()}"
        url = make_url(self.database)
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    @property
    def max_body(self) -> int:
        """Largest request body in bytes."""
        return int(self.max_body_mb * MEBIBYTE)
