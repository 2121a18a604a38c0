// TypeDoc takes a docstring with nothing but a tag for documentation: `@default 10` alone says of what.
import { Application, ReflectionKind } from "typedoc";

const documented =
  ReflectionKind.Variable |
  ReflectionKind.Property |
  ReflectionKind.Accessor |
  ReflectionKind.CallSignature |
  ReflectionKind.ConstructorSignature |
  ReflectionKind.SomeType |
  ReflectionKind.ClassOrInterface;

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    // Once, when the packages have been put together.
    if (application.options.packageDir !== undefined) return;
    for (const reflection of project.getReflectionsByKind(documented)) {
      const { comment } = reflection;
      if (comment === undefined || comment.blockTags.length === 0) continue;
      if (comment.summary.some(({ text }) => text.trim() !== "")) continue;
      application.logger.validationWarning(
        `${reflection.getFriendlyFullName()} has a docstring with tags and no sentence`,
      );
    }
  });
}
