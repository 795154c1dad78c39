"""What is done with what a person brings: images, data, networks, inputs."""
