/** Defaults and update rules as PyTorch's, so that numbers can be compared. */
export type OptimizerConfig =
  | { readonly name: 'sgd'; readonly lr: number }
  | { readonly name: 'momentum'; readonly lr: number; readonly momentum: number }
  | {
      readonly name: 'rmsprop';
      readonly lr: number;
      readonly alpha: number;
      readonly eps: number;
      readonly centered: boolean;
    }
  | { readonly name: 'adam'; readonly lr: number; readonly beta1: number; readonly beta2: number; readonly eps: number }
  | {
      readonly name: 'adamw';
      readonly lr: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly eps: number;
      readonly weightDecay: number;
    };
