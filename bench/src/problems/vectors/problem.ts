import { gradInto } from 'adjoint';

/** A vector in space that is never changed. */
class Vector {
  constructor(
    readonly x: number,
    readonly y: number,
    readonly z: number,
  ) {}
  plus(other: Vector): Vector {
    return new Vector(this.x + other.x, this.y + other.y, this.z + other.z);
  }
  times(factor: number): Vector {
    return new Vector(this.x * factor, this.y * factor, this.z * factor);
  }
  cross(other: Vector): Vector {
    return new Vector(
      this.y * other.z - this.z * other.y,
      this.z * other.x - this.x * other.z,
      this.x * other.y - this.y * other.x,
    );
  }
  dot(other: Vector): number {
    return this.x * other.x + this.y * other.y + this.z * other.z;
  }
}

/**
 * Squared distance of a charged particle from the origin after some steps in a field with a central pull and a magnetic
 * force. `start`: position and velocity.
 */
export function orbit(start: Float64Array, steps: number, h: number): number {
  let position = new Vector(start[0], start[1], start[2]);
  let velocity = new Vector(start[3], start[4], start[5]);
  const field = new Vector(0.1, 0.2, 1);
  for (let t = 0; t < steps; t++) {
    const r2 = position.dot(position) + 0.1;
    const pull = position.times(-1 / (r2 * Math.sqrt(r2)));
    velocity = velocity.plus(pull.plus(velocity.cross(field)).times(h));
    position = position.plus(velocity.times(h));
  }
  return position.dot(position);
}

export const orbitGradient = gradInto(orbit);
