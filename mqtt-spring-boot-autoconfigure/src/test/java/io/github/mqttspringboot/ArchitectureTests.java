package io.github.mqttspringboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;

import io.github.mqttspringboot.client.MqttConnectionOptionsCustomizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the rooms of the project to their one direction.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.mqttspringboot";

	// Each may use only those before it. A room may not exist yet.
	private static final List<List<String>> ROOMS = List.of(List.of("error"), List.of("packet"), List.of("event"),
			List.of("client"), List.of("paho"), List.of("core"), List.of("listener", "annotation"),
			List.of("integration"), List.of("observation", "metrics", "health", "endpoint"), List.of("autoconfigure"),
			List.of("testcontainers", "docker"));

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	static Stream<Arguments> roomsAndThoseBehind() {
		return IntStream.range(0, ROOMS.size() - 1)
			.mapToObj((index) -> Arguments.of(ROOMS.get(index),
					ROOMS.subList(index + 1, ROOMS.size()).stream().flatMap(List::stream).toList()));
	}

	@Test
	void thereIsSomethingToHold() {
		assertThat(CLASSES.containPackage(ROOT + ".error")).isTrue();
		assertThat(CLASSES.containPackage(ROOT + ".client.wire")).isTrue();
	}

	@ParameterizedTest
	@MethodSource("roomsAndThoseBehind")
	void aRoomUsesNoRoomBehindIt(List<String> room, List<String> behind) {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage(packages(room))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(packages(behind))
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void everyClassLivesInARoom() {
		ArchRuleDefinition.classes()
			.should()
			.resideInAnyPackage(packages(ROOMS.stream().flatMap(List::stream).toList()))
			.check(CLASSES);
	}

	// These say nothing of a client, have none to name, or name its property
	@Test
	void everyLineOfTheLogHasItsClient() {
		ArchRuleDefinition.noClasses()
			.that()
			.haveSimpleNameNotEndingWith("MessageConverters")
			.and()
			.haveSimpleNameNotEndingWith("Starter")
			.and()
			.haveSimpleNameNotEndingWith("UnresolvedPlaceholders")
			.should()
			.callMethodWhere(DescribedPredicate.describe("a logger is told something without its client",
					(call) -> call.getTargetOwner().isEquivalentTo(Logger.class)
							&& Set.of("error", "warn", "info").contains(call.getName())))
			.check(CLASSES);
	}

	@Test
	void errorsAndPacketsNeedNothingButTheJdk() {
		ArchRuleDefinition.classes()
			.that()
			.resideInAnyPackage(packages(List.of("error", "packet")))
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("java..", "org.jspecify.annotations", ROOT + ".error..", ROOT + ".packet..")
			.check(CLASSES);
	}

	@Test
	void errorsDoNoInputOrOutput() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".error..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.io..", "java.net..", "java.nio..")
			.check(CLASSES);
	}

	@Test
	void onlyThePahoRoomTheIntegrationAndTheOptionsCustomizerKnowPaho() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(packages(List.of("paho", "integration")))
			.and()
			.doNotBelongToAnyOf(MqttConnectionOptionsCustomizer.class)
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.eclipse.paho..")
			.check(CLASSES);
	}

	@Test
	void onlyTheIntegrationAndItsAutoConfigurationKnowSpringIntegration() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(packages(List.of("integration")))
			.and()
			.haveSimpleNameNotStartingWith("MqttIntegrationAutoConfiguration")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.integration..")
			.check(CLASSES);
	}

	@Test
	void onlyTheServiceConnectionsKnowContainers() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages(packages(List.of("testcontainers", "docker")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.testcontainers..", "org.springframework.boot.testcontainers..",
					"org.springframework.boot.docker..")
			.check(CLASSES);
	}

	@Test
	void testcontainersAndDockerComposeNeedNotEachOther() {
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".testcontainers..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".docker..")
			.check(CLASSES);
		ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage(ROOT + ".docker..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".testcontainers..")
			.check(CLASSES);
	}

	@Test
	void thereIsNoStaticMutableState() {
		ArchRuleDefinition.fields().that().areStatic().should().beFinal().check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		ArchRuleDefinition.classes().that(areNotPackageInfo()).should(liveInANullMarkedPackage()).check(CLASSES);
	}

	private static String[] packages(List<String> rooms) {
		List<String> packages = new ArrayList<>();
		rooms.forEach((room) -> packages.add(ROOT + "." + room + ".."));
		return packages.toArray(String[]::new);
	}

	private static DescribedPredicate<JavaClass> areNotPackageInfo() {
		return DescribedPredicate.describe("are not package-info",
				(type) -> !type.getSimpleName().equals("package-info"));
	}

	private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
		return new ArchCondition<>("live in a @NullMarked package") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(type, marked,
						type.getName() + (marked ? " is" : " is not") + " in a @NullMarked package"));
			}

		};
	}

}
