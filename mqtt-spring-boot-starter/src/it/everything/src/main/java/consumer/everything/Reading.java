package consumer.everything;

import jakarta.validation.constraints.PositiveOrZero;

public record Reading(@PositiveOrZero double value) {
}
