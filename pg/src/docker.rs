//! The official image, run by the container engine that answers.

use crate::keeper::Keeper;
use crate::major::Major;
use crate::unique::unique_name;
use crate::user::User;
use std::env;
use std::io;
use std::time::Duration;
use testcontainers::core::client::ClientError;
use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt, TestcontainersError, bollard};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// A container that is removed when this value is dropped, and when this process ends in any
/// other way, as long as there is a `docker` program on `PATH` to do it.
#[derive(Debug)]
pub(crate) struct Container {
    container: Option<ContainerAsync<GenericImage>>,
    keeper: Keeper,
    url: String,
    image: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum DockerError {
    #[error("no container engine answered")]
    NoEngine(#[source] TestcontainersError),
    #[error("the container engine could not run {image}")]
    Run {
        image: String,
        source: TestcontainersError,
    },
    #[error("{image} was not pulled and started within {} s", PATIENCE.as_secs())]
    Slow { image: String },
    #[error("cannot start a shell that cleans up")]
    Keeper(#[source] io::Error),
}

/// Enough to pull the image over a slow line.
const PATIENCE: Duration = Duration::from_secs(300);
const PASSWORD: &str = "onward";

/// What the [`Keeper`] does: it removes the container named `$1`.
const REMOVE_CONTAINER: &str = r#"docker rm --force --volumes "$1""#;

impl Container {
    pub(crate) async fn start(major: Major) -> Result<Container, DockerError> {
        let image = format!("postgres:{major}");
        let name = unique_name();
        // Started before the container, so that the container is removed whenever this process ends.
        let keeper = Keeper::spawn(&User::Ourselves, &env::temp_dir(), REMOVE_CONTAINER, &name)
            .map_err(DockerError::Keeper)?;
        let failed = |source| refine(&image, source);
        // On stdout the image prints the same about a server that it starts for its own preparations.
        let ready = WaitFor::message_on_stderr("database system is ready to accept connections");
        let request = GenericImage::new("postgres", &major.to_string())
            .with_exposed_port(5432.tcp())
            .with_wait_for(ready)
            .with_env_var("POSTGRES_PASSWORD", PASSWORD)
            .with_env_var("POSTGRES_INITDB_ARGS", "-E UTF8 --locale=C")
            .with_container_name(name)
            .with_cmd([
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
                "-c",
                "timezone=UTC",
            ]);
        let container = match timeout(PATIENCE, request.start()).await {
            Ok(started) => started.map_err(failed)?,
            Err(_) => return Err(DockerError::Slow { image }),
        };
        let host = container.get_host().await.map_err(failed)?;
        let port = container
            .get_host_port_ipv4(5432.tcp())
            .await
            .map_err(failed)?;
        Ok(Container {
            container: Some(container),
            keeper,
            url: format!("postgres://postgres:{PASSWORD}@{host}:{port}/postgres"),
            image,
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn image(&self) -> &str {
        &self.image
    }
}

/// No engine answered, or an engine answered and failed: the two need different fixes.
fn refine(image: &str, source: TestcontainersError) -> DockerError {
    let no_engine = matches!(
        &source,
        TestcontainersError::Client(
            ClientError::Init(_)
                | ClientError::Configuration(_)
                | ClientError::InvalidDockerHost(_)
                | ClientError::CreateContainer(bollard::errors::Error::HyperLegacyError { .. })
        )
    );
    let image = image.to_owned();
    if no_engine {
        DockerError::NoEngine(source)
    } else {
        DockerError::Run { image, source }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let container = self.container.take();
        if Handle::try_current().is_ok() {
            drop(container);
        } else {
            // To remove it needs a runtime; without one the keeper removes it.
            std::mem::forget(container);
        }
        self.keeper.wait();
    }
}
