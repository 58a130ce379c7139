package io.github.mqttspringboot.testcontainers;

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.testcontainers.beans.TestcontainerBeanDefinition;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.testcontainers.containers.GenericContainer;

/**
 * What Spring Boot makes of a {@code @ServiceConnection} field that is imported with
 * {@code @ImportTestcontainers}, with annotations that need not be constants.
 */
final class ContainerDefinition extends RootBeanDefinition implements TestcontainerBeanDefinition {

	private final String image;

	private final List<MergedAnnotation<?>> annotations = new ArrayList<>(
			List.of(MergedAnnotation.of(ServiceConnection.class)));

	@SuppressWarnings("unchecked")
	<C extends GenericContainer<?>> ContainerDefinition(C container) {
		super((Class<C>) container.getClass(), () -> container);
		this.image = container.getDockerImageName();
	}

	ContainerDefinition annotated(Class<? extends Annotation> type, Map<String, ?> attributes) {
		this.annotations.add(MergedAnnotation.of(type, attributes));
		return this;
	}

	@Override
	public String getContainerImageName() {
		return this.image;
	}

	@Override
	public MergedAnnotations getAnnotations() {
		return MergedAnnotations.of(this.annotations);
	}

}
