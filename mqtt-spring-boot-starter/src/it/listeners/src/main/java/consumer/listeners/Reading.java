package consumer.listeners;

import java.time.Instant;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.PositiveOrZero;

public record Reading(@PositiveOrZero double value, @NotBlank String unit, Instant at) {
}
